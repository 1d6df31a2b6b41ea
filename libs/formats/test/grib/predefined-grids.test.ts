import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planeOf } from '@hyperslab/codecs';
import { memorySource } from '@hyperslab/storage';
import { sharedData } from '@hyperslab/testing';
import { contentOf } from '../../src/grib/grid/content-of.ts';
import { shapeOf } from '../../src/grib/grid/grid.ts';
import { predefinedGrid } from '../../src/grib/grid/predefined-grids.ts';
import { HeldPlaces } from '../../src/held-places.ts';
import { indexFile, readStored } from '../../src/index.ts';
import { fieldsOf, inlineValues, valuesOf } from './indexed-fields.ts';

describe('grib: predefined grids', () => {
  // Office Note 388, table B: "Pole point at (I,J)", counted from 1.
  const poles: [number: number, i: number, j: number][] = [
    [5, 27, 49],
    [6, 27, 49],
    [27, 33, 33],
    [28, 33, 33],
    [101, 58.5, 92.5],
    [104, 75.5, 109.5],
  ];
  for (const [number, i, j] of poles) {
    it(`${number} has its pole at (${i}, ${j})`, () => {
      const { grid } = predefinedGrid(7, number)!;
      assert.ok(grid.kind === 'projected');
      const [x, y] = planeOf(grid.projection, grid.earth).forward(grid.latitude, grid.longitude);
      assert.ok(Math.abs(1 - x / grid.dx - i) < 0.01, `i ${1 - x / grid.dx}`);
      assert.ok(Math.abs(1 - y / grid.dy - j) < 0.01, `j ${1 - y / grid.dy}`);
    });
  }

  // The same table: (1,1) and the last point of Lambert grids.
  const corners: [number: number, latitude: number, longitude: number][] = [
    [211, 57.29, -49.385],
    [212, 57.29, -49.385],
    [221, 46.352, -2.566],
  ];
  for (const [number, latitude, longitude] of corners) {
    it(`${number} ends where table B says`, () => {
      const { grid } = predefinedGrid(7, number)!;
      assert.ok(grid.kind === 'projected');
      const plane = planeOf(grid.projection, grid.earth);
      const [x, y] = plane.forward(grid.latitude, grid.longitude);
      const end = plane.inverse(x + (grid.ni - 1) * grid.dx, y + (grid.nj - 1) * grid.dy);
      assert.ok(Math.abs(end[0] - latitude) < 0.02, `latitude ${end[0]}`);
      assert.ok(Math.abs(end[1] - longitude) < 0.02, `longitude ${end[1]}`);
    });
  }

  it('of a polar cap have one point at the pole', () => {
    const { grid } = predefinedGrid(98, 21)!;
    assert.deepEqual(shapeOf(grid), [36 * 37 + 1]);
    const [latitude, longitude] = ['latitude', 'longitude'].map((name) =>
      inlineValues(
        contentOf(grid, '/@g', new HeldPlaces()).variables.find((variable) => variable.name === name)!,
      ),
    );
    assert.deepEqual([latitude[37], longitude[37], longitude[73]], [2.5, 0, 180]);
    assert.deepEqual([latitude[1332], longitude[1332]], [90, 0]);
  });

  it('of other centres are not known', () => assert.equal(predefinedGrid(98, 6), undefined));

  it('are those of a file without definitions (needs ../shared/data)', async function () {
    const data = sharedData();
    if (data === undefined) this.skip();
    const bytes = new Uint8Array(readFileSync(join(data, 'grib1_edge/ced1.lf00.t00z.eta.grb')));
    const index = await indexFile(memorySource('eta.grb', bytes));
    assert.deepEqual(index.notes, []);
    const fields = fieldsOf(index);
    assert.equal(fields.length, 168);
    assert.deepEqual(
      index.root!.groups.map(({ dimensions }) => dimensions.map(({ size }) => size)),
      [
        [45, 53],
        [91, 113],
        [83, 83],
      ],
    );
    // The same fields as another program decoded them.
    const decoded = memorySource('eta.nc', readFileSync(join(data, 'nc3/ced1.lf00.t00z.eta.nc')));
    const other = await indexFile(decoded);
    const read = async (name: string) => {
      const variable = other.root!.variables.find((each) => each.name === name)!;
      return (await readStored(variable, decoded, other.version!)).values as Float32Array;
    };
    const [levels, wind] = [await read('lv_ISBL6'), await read('V_GRD_6_ISBL')];
    const ours = fields.filter(({ name, level, grid }) => {
      return name === 'v' && level === '@isobaricInhPa' && grid === index.root!.groups[0];
    });
    assert.equal(ours.length, levels.length);
    for (const field of ours) {
      const at = levels.indexOf(field.at.isobaricInhPa) * 45 * 53;
      const values = await valuesOf(field, bytes);
      for (const [point, value] of values.entries()) assert.ok(Math.abs(value - wind[at + point]) < 1e-5);
    }
  });
});
