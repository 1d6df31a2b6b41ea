import assert from 'node:assert/strict';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { drawArray } from '../../src/picture/draw-array.ts';
import { lineAxis } from '../../src/picture/line-axis.ts';
import { mapFields } from '../../src/picture/map-fields.ts';
import { pictureTitle } from '../../src/picture/picture-title.ts';
import { squeeze } from '../../src/picture/squeeze.ts';

function coordinate(
  name: string,
  dimensions: string[],
  values: number[],
  parts: Partial<ComputedCoordinate> = {},
): ComputedCoordinate {
  const shape = dimensions.length === 0 ? [] : [values.length];
  const empty = { units: '', calendar: '', standardName: '', axis: '' };
  return { name, dimensions, shape, dtype: 'float64', values: Float64Array.from(values), ...empty, ...parts };
}

const latitude = coordinate('lat', ['y'], [50, 55], { units: 'degrees_north' });
const longitude = coordinate('lon', ['x'], [-5, 0, 5], { standardName: 'longitude', units: 'degrees_east' });
const time = coordinate('time', ['time'], [6], { units: 'hours since 2026-11-22', calendar: 'standard' });

function array(dimensions: string[], shape: number[], coordinates: ComputedCoordinate[]): ComputedArray {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: count }, (_, i) => i);
  const rest = { name: 't', units: 'K', attributes: [], missing: 0, nan: 0 };
  return { dtype: 'float32', dimensions, shape, values, coordinates, ...rest };
}

describe('pictures', function () {
  this.timeout(10_000);

  it('leave out dimensions of one index and say where they are', () => {
    const squeezed = squeeze(array(['time', 'y', 'x'], [1, 2, 3], [time, latitude, longitude]));
    assert.deepEqual(
      [squeezed.dimensions, squeezed.shape],
      [
        ['y', 'x'],
        [2, 3],
      ],
    );
    assert.equal(pictureTitle(squeezed), 't, time 2026-11-22T06:00:00Z');
  });

  it('turn values round where longitudes come first', () => {
    const fields = mapFields(array(['x', 'y'], [3, 2], [latitude, longitude]));
    assert.deepEqual(fields?.values.shape, [2, 3]);
    assert.deepEqual(fields?.values.values, Float32Array.of(0, 2, 4, 1, 3, 5));
  });

  it('take latitudes and longitudes of each cell', () => {
    const whole = (name: string, units: string) => ({
      ...coordinate(name, ['y', 'x'], [1, 2, 3, 4, 5, 6], { units }),
      shape: [2, 3],
    });
    const fields = mapFields(
      array(['y', 'x'], [2, 3], [whole('a', 'degrees_north'), whole('b', 'degrees_east')]),
    );
    assert.equal(fields?.latitude.shape.length, 2);
  });

  it('do not take rotated coordinates for true ones', () => {
    const rotated = coordinate('rlat', ['y'], [1, 2], { standardName: 'grid_latitude', units: 'degrees' });
    assert.equal(mapFields(array(['y', 'x'], [2, 3], [rotated, longitude])), undefined);
  });

  it('are lines along the coordinate, or along indices', () => {
    assert.equal(lineAxis(array(['x'], [3], [longitude])).label, 'lon (degrees_east)');
    assert.deepEqual(lineAxis(array(['x'], [3], [])).x.values, Float64Array.of(0, 1, 2));
    assert.deepEqual(lineAxis(array(['time'], [1], [time])).times, ['2026-11-22T06:00:00Z']);
  });

  it('are maps or lines, as the dimensions say', async () => {
    const map = await drawArray(array(['y', 'x'], [2, 3], [latitude, longitude]), 'png');
    assert.equal(map.kind, 'map');
    assert.equal(Buffer.from(map.bytes.subarray(1, 4)).toString(), 'PNG');
    const line = await drawArray(array(['x'], [3], [longitude]), 'svg');
    assert.equal(line.kind, 'line');
    assert.match(Buffer.from(line.bytes).toString(), /^<(\?xml|svg)/);
  });

  it('say what to select when there is nothing to draw', async () => {
    const cases: [ComputedArray, RegExp][] = [
      [array([], [], []), /single value/],
      [array(['a', 'b'], [2, 3], []), /no latitudes/],
      [array(['a', 'y', 'x'], [2, 2, 3], [latitude, longitude]), /a: 2; y: 2; x: 3/],
    ];
    for (const [computed, message] of cases) {
      await assert.rejects(
        () => drawArray(computed, 'png'),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && message.test(error.message),
      );
    }
  });
});
