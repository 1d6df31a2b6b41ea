import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ravel } from '@hyperslab/array';
import { sharedData } from '@hyperslab/testing';
import {
  coordinateOf,
  type FoundSet,
  fieldValues,
  type Indexed,
  indexBytes,
  missingOf,
  textOf,
} from './reference.ts';

interface OracleCube {
  name: string;
  stash?: string;
  units: string;
  dim_coords: string[];
  aux_coords?: string[];
  coord_system?: string;
  cell_methods?: string[];
  shape: number[];
  count_valid: number;
  count_missing: number;
  min: number;
  max: number;
  mean: number;
  samples: { index: number[]; value: number | null }[];
  [time: `time:${string}`]: { units: string; calendar: string; first: string; last: string };
}

interface OracleFile {
  n_fields: number;
  iris_cubes?: OracleCube[];
  cf_fields?: OracleCube[];
}

const data = sharedData();

/** The value that its writer overwrote, at row 10 and column 191: the reference reads bits of the next row for it. */
const overwritten = 'pp/wgdos_packed.pp';

describe('pp: real files against their oracle', () => {
  if (data === undefined) {
    it('needs ../shared/data beside the repository', function () {
      this.skip();
    });
    return;
  }
  const oracle = JSON.parse(readFileSync(join(data, 'ORACLE.json'), 'utf8')) as Record<string, OracleFile>;
  for (const [name, file] of Object.entries(oracle)) {
    if (!name.startsWith('pp/')) continue;
    it(`${name}: names, coordinates, values`, async () => {
      const indexed = await indexBytes(readFileSync(join(data, name)), name);
      assert.deepEqual(indexed.index.notes, []);
      const fields = indexed.sets.reduce((sum, { set }) => sum + set.offsets.length, 0);
      assert.equal(fields, file.n_fields);
      for (const cube of file.iris_cubes ?? []) {
        const found = indexed.sets.find(
          ({ variable }) => textOf(variable, 'um_stash_source') === cube.stash,
        )!;
        assert.ok(found, cube.name);
        compareDescription(found, cube);
        await compareValues(indexed, found, cube);
      }
      // cf-python has names of its own, and dimensions for single values.
      if (file.iris_cubes === undefined) {
        const [cube] = file.cf_fields!;
        assert.equal(textOf(indexed.sets[0].variable, 'units'), cube.units);
        await compareValues(indexed, indexed.sets[0], cube, name === overwritten);
      }
    });
  }
});

function compareDescription({ set, variable }: FoundSet, cube: OracleCube): void {
  assert.equal(variable.name, cube.name);
  assert.equal(textOf(variable, 'units'), cube.units);
  assert.equal(textOf(variable, 'cell_methods'), cube.cell_methods!.join(' ') || undefined);
  const isRotated = cube.coord_system === 'RotatedGeogCS';
  const mapping = isRotated ? 'rotated_latitude_longitude' : 'latitude_longitude';
  assert.equal(textOf(variable, 'grid_mapping'), mapping);
  assert.deepEqual(
    variable.dimensions.map((path) => path.split('/').at(-1)),
    cube.dim_coords.slice(-2),
  );
  const scalars = [...cube.dim_coords.slice(0, -2), ...(cube.aux_coords ?? [])];
  assert.deepEqual(set.coordinates.map((column) => column.variable!.name).sort(), scalars.sort());
  for (const name of ['time', 'forecast_reference_time'] as const) {
    const expected = cube[`time:${name}`];
    const { variable: coordinate, values } = coordinateOf(set, name);
    assert.equal(textOf(coordinate!, 'calendar'), expected.calendar);
    assert.equal(textOf(coordinate!, 'units'), expected.units);
    const dates = values.map((hours) => dateOf(hours, expected.calendar));
    assert.deepEqual([dates.at(0), dates.at(-1)], [expected.first, expected.last]);
  }
}

/** The text of a time in hours since 1970. */
function dateOf(hours: number, calendar: string): string {
  const seconds = Math.round(hours * 3600);
  if (calendar === 'standard') return new Date(1000 * seconds).toISOString().slice(0, 19).replace('T', ' ');
  assert.equal(calendar, '360_day');
  const days = Math.floor(seconds / 86_400);
  const pad = (value: number) => String(value).padStart(2, '0');
  const month = Math.floor((((days % 360) + 360) % 360) / 30) + 1;
  const rest = seconds - 86_400 * days;
  const date = [1970 + Math.floor(days / 360), pad(month), pad((((days % 30) + 30) % 30) + 1)].join('-');
  return `${date} ${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}`;
}

/** Compares statistics of all fields of a set, and samples by their place in the order of the file. */
async function compareValues(
  { source }: Indexed,
  { set, variable }: FoundSet,
  cube: OracleCube,
  lacksOne = false,
): Promise<void> {
  const fields: number[][] = [];
  for (const row of set.offsets.keys()) {
    fields.push(Array.from(await fieldValues(source, set, row), Number));
  }
  const missing = missingOf(variable);
  const valid = fields.flat().filter((value) => value !== missing);
  const lacking = lacksOne ? 1 : 0;
  assert.equal(valid.length, cube.count_valid - lacking);
  assert.equal(fields.flat().length - valid.length, cube.count_missing + lacking);
  const mean = valid.reduce((sum, value) => sum + value, 0) / valid.length;
  assert.ok(Math.abs(mean - cube.mean) <= (lacksOne ? 1e-3 : 1e-6 * Math.abs(cube.mean) + 1e-12), `${mean}`);
  assert.equal(
    valid.reduce((a, b) => Math.min(a, b)),
    cube.min,
  );
  assert.equal(
    valid.reduce((a, b) => Math.max(a, b)),
    cube.max,
  );
  const outer = cube.shape.slice(0, -2);
  for (const { index, value } of cube.samples) {
    const row = ravel(index.slice(0, -2), outer);
    const at = ravel(index.slice(-2), cube.shape.slice(-2));
    assert.equal(fields[row][at], value, `${variable.name}${JSON.stringify(index)}`);
  }
}
