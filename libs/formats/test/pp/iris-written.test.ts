import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, repository, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { coordinateOf, fieldValues, gridValues, indexBytes, missingOf, textOf } from './reference.ts';

interface Written {
  path: string;
  calendar: string;
  time: number[];
  bounds: number[][] | null;
  reference: number;
  pressure: number[];
  latitude: number[];
  longitude: number[];
  rotated: boolean;
  shape: number[];
  values: number[];
  missing: boolean[];
}

const script = join(repository, 'libs/formats/test/pp/foreign/write-iris.py');

describe('pp: files that Iris wrote (needs Python with iris)', function () {
  this.timeout(120_000);

  it('have what was written, of random shapes, calendars, grids and masks', async function () {
    if (!hasPython('iris')) this.skip();
    const seed = Math.floor(Math.random() * 2 ** 31);
    await withTemporaryDirectory(async (folder) => {
      const files = runPython<Written>(script, folder, 40, seed);
      assert.equal(files.length, 40);
      for (const file of files) {
        await compare(file).catch((error: Error) => {
          error.stack += `\nin ${file.path} of seed ${seed}`;
          throw error;
        });
      }
    });
  });
});

async function compare(file: Written): Promise<void> {
  const { source, sets, index } = await indexBytes(readFileSync(file.path));
  assert.deepEqual(index.notes, []);
  assert.equal(sets.length, 1);
  const [{ set, variable, grid }] = sets;
  const [times, levels, rows, columns] = file.shape;
  assert.equal(variable.name, 'air_temperature');
  assert.deepEqual(variable.shape, [rows, columns]);
  const prefix = file.rotated ? 'grid_' : '';
  near(gridValues(grid, `${prefix}latitude`), file.latitude);
  near(gridValues(grid, `${prefix}longitude`), file.longitude);
  const time = coordinateOf(set, 'time');
  assert.equal(textOf(time.variable!, 'calendar'), file.calendar);
  const perField = <T>(values: readonly T[]) => values.flatMap((value) => Array<T>(levels).fill(value));
  near(time.values, perField(file.time));
  near(time.bounds, file.bounds === null ? [] : perField(file.bounds).flat());
  near(coordinateOf(set, 'forecast_reference_time').values, Array(times * levels).fill(file.reference));
  near(
    coordinateOf(set, 'pressure').values,
    file.time.flatMap(() => file.pressure),
  );
  assert.equal(textOf(variable, 'cell_methods'), file.bounds === null ? undefined : 'time: mean');
  const missing = missingOf(variable);
  for (let row = 0; row < times * levels; row++) {
    const values = Array.from(await fieldValues(source, set, row), Number);
    const from = row * rows * columns;
    const expected = file.values.slice(from, from + rows * columns);
    const masked = file.missing.slice(from, from + rows * columns);
    assert.deepEqual(
      values.map((value) => (value === missing ? null : value)),
      expected.map((value, i) => (masked[i] ? null : value)),
    );
  }
}

function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, value] of found.entries()) {
    assert.ok(Math.abs(value - expected[i]) <= 1e-5 * Math.max(1, Math.abs(value)), `${found}, ${expected}`);
  }
}
