import assert from 'node:assert/strict';
import { allocateValues, elementCount, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { indexCoordinates } from '../src/index.ts';
import { buildIndex, type FileSketch } from './build-index.ts';

const sketch: FileSketch = {
  url: 'f',
  dimensions: { time: 3, y: 200, x: 300, cell: 200_000 },
  unlimited: ['time'],
  variables: {
    t: { dimensions: ['time', 'y', 'x'], attributes: { coordinates: 'lat height' } },
    u: { dimensions: ['cell'] },
    orography: { dimensions: ['y', 'x'] },
    time: { dtype: 'float64', dimensions: ['time'], attributes: { units: 'days since 2000-01-01' } },
    cell: { dtype: 'float64', dimensions: ['cell'] },
    lat: { dimensions: ['y', 'x'], attributes: { units: 'degrees_north', missing_value: -1 } },
    height: {},
  },
};

/** Values that count up from -1. */
async function counting(variable: IndexedVariable): Promise<MaskedArray> {
  const values = allocateValues(variable.dtype, elementCount(variable.shape)) as NumberArray;
  for (let i = 0; i < values.length; i++) values[i] = i - 1;
  return { dtype: variable.dtype as 'float32', shape: variable.shape, values };
}

describe('values of coordinates in an index', () => {
  it('are inline when small, else hashed with their range; data is not read', async () => {
    const read: string[] = [];
    const index = await indexCoordinates(buildIndex(sketch), (variable) => {
      read.push(variable.name);
      return counting(variable);
    });
    assert.deepEqual(read.sort(), ['cell', 'height', 'lat', 'orography', 'time', 'u'].sort());
    const found = Object.fromEntries(index.root!.variables.map((variable) => [variable.name, variable]));
    assert.deepEqual(found.time.inlineValues?.shape, [3]);
    assert.equal(found.height.inlineValues?.data.length, 4);
    assert.equal(found.lat.inlineValues, undefined);
    assert.match(found.lat.contentSha256, /^[0-9a-f]{64}$/);
    // -1 is missing, so the smallest is 0.
    assert.deepEqual([found.lat.minimum, found.lat.maximum], [0, 59_998]);
    assert.match(found.cell.contentSha256, /^[0-9a-f]{64}$/);
    assert.equal(found.t.inlineValues, undefined);
    assert.equal(found.t.contentSha256, '');
  });

  it('of large constant fields are hashed one at a time, and of still larger ones left', async () => {
    const large: FileSketch = {
      url: 'f',
      dimensions: { time: 3, y: 2048, x: 2048, level: 8 },
      variables: {
        time: sketch.variables.time,
        t: { dimensions: ['time', 'y', 'x'] },
        mask: { dimensions: ['y', 'x'] },
        depth: { dimensions: ['y', 'x'] },
        heights: { dimensions: ['level', 'y', 'x'] },
      },
    };
    let reading = 0;
    let most = 0;
    const index = await indexCoordinates(buildIndex(large), async (variable) => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reading--;
      const values = new Float32Array(elementCount(variable.shape));
      return { dtype: 'float32', shape: variable.shape, values };
    });
    const hashed = index.root!.variables.filter(({ contentSha256 }) => contentSha256 !== '');
    assert.deepEqual(
      hashed.map(({ name }) => name),
      ['mask', 'depth'],
    );
    // The time coordinate is small, and read beside one of them.
    assert.equal(most, 2);
  });

  it('are read once: a second time changes nothing', async () => {
    const once = await indexCoordinates(buildIndex(sketch), counting);
    await indexCoordinates(once, async ({ name }) => assert.fail(`${name} was read again`));
  });

  it('are not read on when nobody wants them', async () => {
    await assert.rejects(indexCoordinates(buildIndex(sketch), counting, AbortSignal.abort()), (error) =>
      isHyperslabError(error, 'CANCELLED'),
    );
  });
});
