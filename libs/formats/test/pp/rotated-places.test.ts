import assert from 'node:assert/strict';
import { decodeValues } from '@hyperslab/array';
import { createStorage, memorySource } from '@hyperslab/storage';
import { indexFile, readStored } from '../../src/index.ts';
import { ppBytes } from './pp-bytes.ts';

/** Points of a turned sphere, as Iris (`unrotate_pole`) places them. */
const turned: {
  pole: [latitude: number, longitude: number];
  y: number[];
  x: number[];
  latitudes: number[];
  longitudes: number[];
}[] = [
  {
    ...{ pole: [37.5, 177.5], y: [0, 1.2, -4.8, 45], x: [0, -3.4, 358.6, 100] },
    ...{
      latitudes: [52.5, 53.565097, 47.679913, 19.453713],
      longitudes: [-2.5, -8.229713, -4.572351, 129.89399],
    },
  },
  {
    ...{ pole: [-20, 60], y: [0, 1.2, -4.8, 45], x: [0, -3.4, 358.6, 100] },
    ...{
      latitudes: [70, 68.53952, 74.739035, -20.930028],
      longitudes: [60, 69.326835, 65.307234, 11.792941],
    },
  },
];

/** A file of one field on axes that are listed. */
function fileOf([bplat, bplon]: [number, number], y: number[], x: number[]): Uint8Array {
  const header = { lbcode: 101, lbrow: y.length, lbnpt: x.length, bplat, bplon, bdy: 0, bdx: 0 };
  const extra = [[1, x] as const, [2, y] as const];
  return ppBytes([{ header, extra }]);
}

async function placesOf(bytes: Uint8Array) {
  const source = memorySource('rotated.pp', bytes);
  const index = await indexFile(source);
  const [grid] = index.root!.groups;
  assert.deepEqual(index.notes, []);
  const [{ variable }] = grid.groups[0].fields!.sets;
  const coordinates = variable!.attributes.find(({ name }) => name === 'coordinates');
  assert.deepEqual(coordinates?.strings, ['latitude longitude']);
  return {
    index,
    source,
    places: ['latitude', 'longitude'].map((name) => grid.variables.find((each) => each.name === name)!),
  };
}

describe('pp: rotated grids', () => {
  for (const { pole, y, x, latitudes, longitudes } of turned) {
    it(`about a pole at ${pole.join(', ')} have the places that Iris gives them`, async () => {
      const { places } = await placesOf(fileOf(pole, y, x));
      const [found, across] = places.map(
        ({ inlineValues }) => decodeValues('float64', inlineValues!.data, 16) as Float64Array,
      );
      for (const [i, latitude] of latitudes.entries()) {
        // Words of a header are singles.
        assert.ok(Math.abs(found[5 * i] - latitude) < 2e-5, `latitude ${found[5 * i]} for ${latitude}`);
        assert.ok(Math.abs(across[5 * i] - longitudes[i]) < 3e-5, `${across[5 * i]} for ${longitudes[i]}`);
      }
    });
  }

  it('of many points have places that are computed', async () => {
    const y = Array.from({ length: 600 }, (_, j) => -5 + j / 64);
    const x = Array.from({ length: 1100 }, (_, i) => 355 + i / 64);
    const { index, source, places } = await placesOf(fileOf([37.5, 177.5], y, x));
    const storage = createStorage({ roots: [] });
    const [latitudes, longitudes] = await Promise.all(
      places.map(async (variable) => {
        assert.ok(variable.inlineValues === undefined && variable.contentSha256 !== '');
        assert.deepEqual(variable.layout?.chunkShape, [512, 1024]);
        const other = { others: index.others!, storage };
        const read = await readStored(variable, source, index.version!, undefined, other);
        return read.values as Float64Array;
      }),
    );
    // Row 320 is the equator of the turned sphere, column 320 its first meridian.
    const middle = 320 * 1100 + 320;
    assert.ok(Math.abs(latitudes[middle] - 52.5) < 1e-9 && Math.abs(longitudes[middle] + 2.5) < 1e-9);
    // The same points in another file, small enough to lie in the index.
    const corner = await placesOf(fileOf([37.5, 177.5], y.slice(590), x.slice(1090)));
    const [small, across] = corner.places.map(
      ({ inlineValues }) => decodeValues('float64', inlineValues!.data, 100) as Float64Array,
    );
    for (let point = 0; point < 100; point++) {
      const large = (590 + Math.floor(point / 10)) * 1100 + 1090 + (point % 10);
      assert.deepEqual([latitudes[large], longitudes[large]], [small[point], across[point]]);
    }
  });
});
