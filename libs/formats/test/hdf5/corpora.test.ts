import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import { sharedCorpora } from '@hyperslab/testing';
import { readStored } from '../../src/index.ts';
import { dimensionsOf, type Indexed, indexPath, variablesOf } from './reference.ts';

/** Parts of a dump by The HDF Group's h5json (https://github.com/HDFGroup/hdf5-json). */
interface JsonType {
  class: string;
  base?: string | JsonType;
  dims?: number[];
  length?: number | string;
}
interface JsonValue {
  name: string;
  shape: { class: string; dims?: number[] };
  type: JsonType;
  value?: unknown;
}
interface JsonDataset extends JsonValue {
  alias: string[];
  attributes?: JsonValue[];
}
interface JsonFile {
  datasets?: Record<string, JsonDataset>;
  groups: Record<string, { alias: string[]; attributes?: JsonValue[] }>;
}

const corpora = sharedCorpora();
const folders = [
  'hdf5-json/data/hdf5',
  'hdf5-pyfive/tests',
  'hdf5-pyfive/tests/data',
  'hdf5-jhdf/jhdf/src/test/resources/hdf5',
  'netcdf-c-files/nc_test4',
  'netcdf-c-files/ncdump',
  'netcdf-c-files/nczarr_test',
  'cf-compliance/compliance_checker/tests/data',
  'xarray-data',
];

// Everything else in the folders with these endings is HDF5 and must be indexed.
const refused: Record<string, Reason> = { 'notahdf5file.h5': 'FORMAT_UNKNOWN' };

describe('hdf5: conformance corpora', function () {
  this.timeout(30_000);
  if (corpora === undefined) {
    it('need ../shared/corpora beside the repository', function () {
      this.skip();
    });
    return;
  }
  for (const folder of folders) {
    it(`${folder}: every file is indexed or refused with its reason`, async () => {
      for (const name of filesOf(join(corpora, folder))) {
        const path = join(corpora, folder, name);
        if (refused[name] === undefined) await indexPath(path);
        else await assert.rejects(indexPath(path), (error) => isHyperslabError(error, refused[name]));
      }
    });
  }

  const dumps = join(corpora, 'hdf5-json/data');
  it('hdf5-json: shapes, types, values and attributes of the dumps', async () => {
    let compared = 0;
    for (const name of readdirSync(join(dumps, 'hdf5')).filter((file) => file.endsWith('.h5'))) {
      const dump = readDump(join(dumps, 'json', name.replace('.h5', '.json')));
      if (dump === undefined) continue;
      const indexed = await indexPath(join(dumps, 'hdf5', name));
      const variables = variablesOf(indexed.index.root);
      for (const dataset of Object.values(dump.datasets ?? {})) {
        compared += await compareDataset(indexed, variables, dataset, name);
      }
      const root = Object.values(dump.groups).find((group) => group.alias.includes('/'));
      compareAttributes(indexed.index.root!.attributes, root?.attributes, name);
    }
    assert.ok(compared > 60, `${compared} datasets compared`);
  });
});

function filesOf(folder: string): string[] {
  const isNetcdfClassic = (name: string) =>
    readFileSync(join(folder, name)).subarray(0, 3).toString() === 'CDF';
  return readdirSync(folder)
    .filter((name) => /\.(h5|hdf5|nc)$/.test(name))
    .filter((name) => !isNetcdfClassic(name));
}

function readDump(path: string): JsonFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonFile;
  } catch {
    return undefined;
  }
}

/** 1 when there were values to compare. */
async function compareDataset(
  { source, index }: Indexed,
  variables: ReturnType<typeof variablesOf>,
  dataset: JsonDataset,
  file: string,
): Promise<number> {
  const variable = variables.get(dataset.alias[0]);
  const what = `${file}: ${dataset.alias[0]}`;
  if (variable === undefined) {
    const dimensions = dimensionsOf(index.root!).map(([path]) => path);
    assert.ok(dimensions.includes(dataset.alias[0]), what);
    return 0;
  }
  compareAttributes(variable.attributes, dataset.attributes, what);
  if (dataset.shape.class === 'H5S_NULL') assert.notEqual(variable.notComputable, '', what);
  else assert.deepEqual(variable.shape, [...(dataset.shape.dims ?? []), ...innerShape(dataset.type)], what);
  const dtype = dtypeOf(dataset.type);
  if (dtype === undefined || variable.notComputable !== '' || dataset.value === undefined) return 0;
  assert.equal(variable.dtype, dtype, what);
  const { values } = await readStored(variable, source, index.version!);
  const found =
    variable.dtype === 'char' ? [...(values as Uint8Array)].map((c) => String.fromCharCode(c)) : [...values];
  assert.deepEqual(found.map(plain), flat(dataset.value).map(plain), what);
  return 1;
}

function compareAttributes(found: Attribute[], expected: JsonValue[] | undefined, what: string): void {
  for (const { name, type, value, shape } of expected ?? []) {
    const dtype = dtypeOf(type);
    const attribute = found.find((candidate) => candidate.name === name);
    if (dtype === undefined || attribute === undefined || shape.class === 'H5S_NULL') continue;
    const values = [...attribute.strings, ...attribute.numbers, ...attribute.integers];
    assert.deepEqual(values.map(plain), flat(value).map(plain), `${what}: attribute ${name}`);
  }
}

/** 64-bit integers of a dump are JSON numbers, which stop being exact; some enums are given as booleans. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+$/.test(value))) return Number(value);
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? value.replace(/[\0 ]+$/, '') : value;
}

function flat(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(16) : [value];
}

function innerShape(type: JsonType): number[] {
  return type.class === 'H5T_ARRAY' ? type.dims! : [];
}

/** Data type of what can be compared; nothing for compounds, references and the like. */
function dtypeOf(type: JsonType): string | undefined {
  if (typeof type.base === 'object' && ['H5T_ARRAY', 'H5T_ENUM'].includes(type.class))
    return dtypeOf(type.base);
  if (type.class === 'H5T_STRING') return type.length === 1 ? 'char' : 'string';
  const [, kind, bits] = /^H5T_(?:STD_|IEEE_)([IUF])(\d+)/.exec(String(type.base)) ?? [];
  if (type.class === 'H5T_INTEGER') return `${kind === 'U' ? 'u' : ''}int${bits}`;
  return type.class === 'H5T_FLOAT' ? `float${bits}` : undefined;
}
