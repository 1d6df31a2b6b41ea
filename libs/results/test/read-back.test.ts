import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataType, MaskedArray } from '@hyperslab/array';
import { pythonPath, skip, toolPath, withTemporaryDirectory } from '@hyperslab/testing';
import type { ResultFormat } from '../src/formats.ts';
import type { ResultCoordinate } from '../src/result.ts';
import type { NamedResult, SaveOptions } from '../src/save-options.ts';
import { saveResults } from '../src/save-results.ts';
import { blockGrids, coordinates, sampleResult } from './sample-results.ts';

const dtypes: readonly DataType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'string',
];
const history = ['2026-11-26T15:00:00Z: hyperslab: mean(t, level) of sample/run@1'];

function meantValues({ values, mask }: MaskedArray) {
  return Array.from(values as ArrayLike<number | bigint | string>, (value, i) => {
    if (mask?.[i] === 1) return null;
    return typeof value === 'bigint' || Number.isNaN(value) ? String(value) : value;
  });
}

function attributesOf({
  standardName,
  longName = '',
  positive = '',
}: ResultCoordinate): Record<string, string> {
  const texts = { standard_name: standardName, long_name: longName, positive };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
}

/** What a file is to hold, for read_back.py. */
function meantJson(results: readonly { name: string; array: MaskedArray }[]): string {
  const described = (array: MaskedArray, dimensions: readonly string[]) => {
    const { dtype, shape } = array;
    return { dtype, shape, dimensions, values: meantValues(array), attributes: {} };
  };
  return JSON.stringify({
    variables: Object.fromEntries(
      results.map(({ name, array }) => [
        name,
        {
          ...described(array, ['time', 'y', 'x']),
          attributes: { units: 'K', standard_name: 'air_temperature', cell_methods: 'level: mean' },
          auxiliary: ['station', 'height', 'pressure'],
        },
      ]),
    ),
    coordinates: Object.fromEntries(
      coordinates.flatMap((each) => [
        [each.name, { ...described(each, each.dimensions), attributes: attributesOf(each) }],
        ...(each.bounds ? [[`${each.name}_bnds`, described(each.bounds, [...each.dimensions, 'bnds'])]] : []),
      ]),
    ),
    times: { time: ['2026-02-28T00:00:00', '2026-02-28T06:30:00', '2026-03-01T06:00:00'] },
  });
}

describe('results read back by netCDF4, xarray, zarr, pandas and pyarrow', function () {
  this.timeout(120_000);
  const python = pythonPath();

  before(function () {
    if (python === undefined) skip(this, 'no Python with the reference readers; `npm test` prepares it');
  });

  function assertReadBack(folder: string): void {
    const script = fileURLToPath(new URL('./reference/read_back.py', import.meta.url));
    const { stdout, stderr, status } = spawnSync(python!, ['-B', script, folder], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  }

  async function save(
    folder: string,
    file: string,
    dtypesOfFile: readonly DataType[],
    options: SaveOptions,
    grid = 2,
    masked = true,
  ): Promise<void> {
    const samples = dtypesOfFile.map((dtype) => ({
      name: `v_${dtype}`,
      result: sampleResult(dtype, { masked, blockGrid: blockGrids[grid] }),
    }));
    const path = join(folder, file);
    await saveResults(path, samples satisfies NamedResult[], { history, ...options });
    const meant = samples.map(({ name, result }) => ({ name, array: result.array }));
    await writeFile(`${path}.json`, meantJson(meant));
  }

  it('with their grid mappings, of which equal ones are one', () =>
    withTemporaryDirectory(async (folder) => {
      const text = (name: string, value: string) => ({
        ...{ name, dtype: 'char', strings: [value], numbers: [], integers: [] },
      });
      const mapping = (latitude: number) => ({
        name: 'pole',
        attributes: [
          text('grid_mapping_name', 'rotated_latitude_longitude'),
          {
            ...{ name: 'grid_north_pole_latitude', dtype: 'float64' },
            ...{ strings: [], numbers: [latitude], integers: [] },
          },
        ],
      });
      const results = [37.5, 37.5, 40].map((latitude, i) => {
        const { head, blocks } = sampleResult('float32');
        const attributes = [...head.attributes, text('grid_mapping', 'of the source')];
        const result = { head: { ...head, attributes, gridMapping: mapping(latitude) }, blocks };
        return { name: `v${i}`, result };
      });
      const expected = Object.fromEntries(
        [37.5, 37.5, 40].map((latitude, i) => [`v${i}`, ['rotated_latitude_longitude', latitude]]),
      );
      for (const [ending, open] of [
        ['.nc', 'xarray.open_dataset(path, decode_coords=False)'],
        ['.nc3', 'xarray.open_dataset(path, decode_coords=False)'],
        ['.zarr', 'xarray.open_zarr(path, decode_coords=False, consolidated=False)'],
      ]) {
        const path = join(folder, `mapped${ending}`);
        await saveResults(path, results, { history });
        const script = [
          'import json, sys, xarray',
          'path = sys.argv[1]',
          `read = ${open}`,
          'mapping = lambda name: read[read[name].attrs["grid_mapping"]].attrs',
          'told = lambda m: [m["grid_mapping_name"], float(m["grid_north_pole_latitude"])]',
          'names = ["v0", "v1", "v2"]',
          'print(json.dumps([{n: told(mapping(n)) for n in names}, len({read[n].attrs["grid_mapping"] for n in names})]))',
        ].join('\n');
        const { stdout, stderr } = spawnSync(python!, ['-c', script, path], { encoding: 'utf8' });
        assert.deepEqual(JSON.parse(stdout || '0'), [expected, 2], `${ending}: ${stderr}`);
      }
    }));

  it('with the bounds of a climatology named as such', () =>
    withTemporaryDirectory(async (folder) => {
      const { head, blocks } = sampleResult('float32');
      const times = head.coordinates.map((each) =>
        each.name === 'time' ? { ...each, climatology: true } : each,
      );
      const path = join(folder, 'climatology.nc');
      await saveResults(path, [{ result: { head: { ...head, coordinates: times }, blocks } }], { history });
      const script =
        'import json, sys, netCDF4; d = netCDF4.Dataset(sys.argv[1]); t = d["time"]; ' +
        'print(json.dumps([t.climatology, "bounds" in t.ncattrs(), d[t.climatology][:].tolist()]))';
      const { stdout, stderr } = spawnSync(python!, ['-c', script, path], { encoding: 'utf8' });
      const bounds = [
        [-1, 0],
        [5.5, 6.5],
        [20, 30],
      ];
      assert.deepEqual(JSON.parse(stdout || '0'), ['time_bnds', false, bounds], stderr);
    }));

  it('of every type, alone and together, however the blocks lie', () =>
    withTemporaryDirectory(async (folder) => {
      const files: [string, ResultFormat][] = [
        ['.nc', 'netcdf4'],
        ['.nc3', 'netcdf3'],
        ['.zarr', 'zarr3'],
        ['.zarr2', 'zarr2'],
        ['.csv', 'csv'],
        ['.parquet', 'parquet'],
      ];
      for (const [ending, format] of files) {
        for (const grid of blockGrids.keys())
          await save(folder, `all-${grid}${ending}`, dtypes, { format }, grid, grid !== 1);
        await save(folder, `one${ending}`, ['int16'], { format });
      }
      assertReadBack(folder);
      const left = (await readdir(folder)).filter((name) => name.startsWith('.'));
      assert.deepEqual(left, []);
    }));

  it('with every compression, and chunks that lie across the blocks', () =>
    withTemporaryDirectory(async (folder) => {
      const some: readonly DataType[] = ['float32', 'int64', 'string'];
      const chunks = { time: 2, x: 3 };
      await save(folder, 'a.nc', some, { chunks, compression: 'none' });
      await save(folder, 'b.nc', some, { chunks, compression: 'deflate', level: 9, shuffle: false });
      for (const compression of ['none', 'gzip', 'zstd'] as const) {
        await save(folder, `${compression}.zarr`, some, { chunks, compression });
        await save(folder, `${compression}.zarr2`, some, {
          format: 'zarr2',
          chunks,
          compression,
          shuffle: true,
        });
        await save(folder, `${compression}.parquet`, some, { compression });
      }
      await save(folder, 'filled.nc', ['int8', 'float64'], { fillValue: -1 });
      await save(folder, 'filled.zarr', ['int8', 'float64'], { fillValue: -1 });
      assertReadBack(folder);
    }));

  it('as netCDF classic of 64-bit offsets where that does, else CDF-5, as ncdump tells', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) skip(this, 'no ncdump; `npm test` gets it');
    await withTemporaryDirectory(async (folder) => {
      const kindOf = (file: string) =>
        spawnSync(ncdump, ['-k', join(folder, file)], { encoding: 'utf8' }).stdout;
      await save(folder, 'a.nc3', ['float32', 'int8', 'string'], {});
      assert.equal(kindOf('a.nc3').trim(), '64-bit offset');
      await save(folder, 'b.nc3', ['float32', 'uint8'], {});
      assert.equal(kindOf('b.nc3').trim(), 'cdf5');
    });
  });

  it('as netCDF classic with texts beside a dimension that is called as theirs would be', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) skip(this, 'no ncdump; `npm test` gets it');
    await withTemporaryDirectory(async (folder) => {
      const { head, blocks } = sampleResult('int16', { name: 't' });
      const renamed = (names: readonly string[]) => names.map((name) => (name === 'x' ? 'string_7' : name));
      const inFile = {
        ...head,
        dimensions: renamed(head.dimensions),
        coordinates: coordinates.map((each) => ({ ...each, dimensions: renamed(each.dimensions) })),
      };
      const path = join(folder, 'a.nc3');
      await saveResults(path, [{ result: { head: inFile, blocks } }]);
      const { stdout } = spawnSync(ncdump, ['-v', 'station', path], { encoding: 'utf8' });
      assert.match(stdout, /short t\(time, y, string_7\)/);
      assert.match(stdout, /char station\(string_7, string_7_\)/);
      assert.match(stdout, /"a,b"/);
    });
  });
});
