import assert from 'node:assert/strict';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { Cube, Dataset, Variable } from '@hyperslab/proto/cube';
import { drawArray } from '../../src/picture/draw-array.ts';
import { gridPole } from '../../src/picture/grid-pole.ts';
import { lineAxis } from '../../src/picture/line-axis.ts';
import { mapFields } from '../../src/picture/map-fields.ts';
import { pictureTitle } from '../../src/picture/picture-title.ts';
import { squeeze } from '../../src/picture/squeeze.ts';
import { unrotate } from '../../src/picture/unrotate.ts';

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
    assert.equal(pictureTitle(squeezed, false), 't, time 2026-11-22T06:00:00Z');
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

  const rlat = coordinate('rlat', ['y'], [-10.56, 21.8], { standardName: 'grid_latitude', units: 'degrees' });
  const rlon = coordinate('rlon', ['x'], [-5.77, 0, 18.1], {
    standardName: 'grid_longitude',
    units: 'degrees',
  });
  const pole = (name: string, longitude: number): Dataset => ({
    ...Dataset.create(),
    variables: [
      Variable.fromPartial({
        name: 'crs',
        attributes: [
          { name: 'grid_mapping_name', dtype: 'char', strings: ['rotated_latitude_longitude'] },
          { name: 'grid_north_pole_latitude', dtype: 'float64', numbers: [39.25] },
          { name: 'grid_north_pole_longitude', dtype: 'float64', numbers: [longitude] },
        ],
      }),
    ],
    cubes: [
      Cube.fromPartial({
        name,
        gridMapping: 'crs',
        coordinates: [{ variable: 'rlat' }, { variable: 'rlon' }],
      }),
    ],
  });

  it('are maps of rotated grids, by the pole of the datasets, whichever dimension comes first', async () => {
    for (const [dimensions, shape, last] of [
      [['y', 'x'], [2, 3], 5],
      [['x', 'y'], [3, 2], 5],
    ] as const) {
      const rotated = array([...dimensions], [...shape], [rlat, rlon]);
      const fields = unrotate(rotated, gridPole(rotated, [pole('t', -162)])!)!;
      // As PROJ has it.
      assert.ok(Math.abs(Number(fields.latitude.values[0]) - 39.90132319965897) < 1e-9);
      assert.ok(Math.abs(Number(fields.longitude.values[last]) - 64.80815262934337) < 1e-9);
      assert.deepEqual(fields.latitude.shape, shape);
    }
    const rotated = array(['y', 'x'], [2, 3], [rlat, rlon]);
    assert.equal((await drawArray(rotated, [pole('t', -162)], 'png')).kind, 'map');
  });

  it('are no maps where datasets do not agree on the pole, or tell none', () => {
    const rotated = array(['y', 'x'], [2, 3], [rlat, rlon]);
    assert.equal(gridPole(rotated, [pole('t', -162), pole('t', 10)]), undefined);
    assert.equal(gridPole(rotated, []), undefined);
    assert.equal(gridPole(array(['y', 'x'], [2, 3], [latitude, longitude]), [pole('t', 1)]), undefined);
  });

  it('name variables for people, and leave out where a forecast is from', () => {
    const hours = { units: 'hours since 2026-11-22', calendar: 'standard' };
    const name = {
      name: 'standard_name',
      dtype: 'char',
      strings: ['air_temperature'],
      numbers: [],
      integers: [],
    };
    const scalars = [
      coordinate('reference', [], [0], { ...hours, standardName: 'forecast_reference_time' }),
      coordinate('time', [], [6], { ...hours, standardName: 'time' }),
      {
        ...coordinate('height', [], [], { units: 'm' }),
        dtype: 'float32' as const,
        values: Float32Array.of(0.9),
      },
    ];
    const titled = { ...array([], [], scalars), attributes: [name] };
    const places = 'time 2026-11-22T06:00:00Z, height 0.9 m';
    assert.equal(pictureTitle(titled, true), `air temperature, ${places}`);
    assert.equal(pictureTitle({ ...titled, name: 'mean(t, x)' }, false), `mean(t, x), ${places}`);
    const [reference] = scalars;
    assert.match(pictureTitle(array([], [], [reference]), true), /^t, reference 2026-11-22T00/);
  });

  it('are lines along the coordinate, or along indices', () => {
    assert.equal(lineAxis(array(['x'], [3], [longitude])).label, 'lon (degrees_east)');
    assert.deepEqual(lineAxis(array(['x'], [3], [])).x.values, Float64Array.of(0, 1, 2));
    assert.deepEqual(lineAxis(array(['time'], [1], [time])).times, ['2026-11-22T06:00:00Z']);
  });

  it('are maps or lines, as the dimensions say', async () => {
    const map = await drawArray(array(['y', 'x'], [2, 3], [latitude, longitude]), [], 'png');
    assert.equal(map.kind, 'map');
    assert.equal(Buffer.from(map.bytes.subarray(1, 4)).toString(), 'PNG');
    const line = await drawArray(array(['x'], [3], [longitude]), [], 'svg');
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
        () => drawArray(computed, [], 'png'),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && message.test(error.message),
      );
    }
  });
});
