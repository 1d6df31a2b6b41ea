import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ravel } from '@hyperslab/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { sharedData } from '@hyperslab/testing';
import { readStored } from '../../src/index.ts';
import { dimensionsOf, type Indexed, indexPath, variablesOf } from './reference.ts';

interface OracleVariable {
  shape: number[];
  dtype_raw: string;
  dimensions?: string[];
  attributes?: Record<string, unknown>;
  samples?: { index: number[]; value: number | string | null }[];
  count_valid?: number;
  count_missing?: number;
  count_nan_or_inf?: number;
  min?: number;
  max?: number;
  mean?: number;
}

interface OracleFile {
  reader: string;
  dimensions?: Record<string, { len: number; unlimited: boolean }>;
  groups?: string[];
  n_global_attributes?: number;
  all_variables?: Record<string, [string, string[], number[]]>;
  variables: Record<string, OracleVariable>;
}

const data = sharedData();
const isHdf5 = (name: string, { reader }: OracleFile) =>
  (reader !== undefined && /^(nc4|hdf5_features)\//.test(name)) ||
  /^derived\/.*\.pp\.nc$|nc4classic/.test(name);

describe('hdf5: real files against their oracle', () => {
  if (data === undefined) {
    it('needs ../shared/data beside the repository', function () {
      this.skip();
    });
    return;
  }
  const oracle = JSON.parse(readFileSync(join(data, 'ORACLE.json'), 'utf8')) as Record<string, OracleFile>;
  for (const [name, file] of Object.entries(oracle)) {
    if (!isHdf5(name, file)) continue;
    it(`${name}: dimensions, variables, attributes, stored samples`, async () => {
      const indexed = await indexPath(join(data, name));
      compareStructure(indexed, file);
      const variables = variablesOf(indexed.index.root);
      for (const [path, expected] of Object.entries(file.variables)) {
        await compareVariable(indexed, variables.get(`/${path}`)!, expected, path);
        // Others unpack and mask; the journey of real files compares those through `compute`.
        if (file.reader.startsWith('h5py') && expected.count_valid !== undefined)
          await compareStatistics(indexed, variables.get(`/${path}`)!, expected, path);
      }
      assert.ok(indexed.index.bytesRead <= 70_000 + 0.7 * indexed.index.version!.size);
    });
  }
});

function compareStructure({ index }: Indexed, file: OracleFile): void {
  const own = Object.fromEntries(
    index.root!.dimensions.map((d) => [d.name, { len: d.size, unlimited: d.unlimited }]),
  );
  if (file.dimensions !== undefined) assert.deepEqual(own, file.dimensions);
  if (file.n_global_attributes !== undefined)
    assert.equal(index.root!.attributes.length, file.n_global_attributes);
  const variables = variablesOf(index.root);
  const known = new Set(dimensionsOf(index.root!).map(([path]) => path));
  for (const [path, [, dimensions, shape]] of Object.entries(file.all_variables ?? {})) {
    const variable = variables.get(`/${path}`);
    assert.ok(variable, path);
    // The reference gives lists of variable length as an axis.
    if (variable.dtype === 'vlen') continue;
    // HDF-EOS5 names them in a way that the reference does not know.
    if (!path.startsWith('HDFEOS/')) {
      assert.deepEqual(
        variable.dimensions.map((dimension) => dimension.split('/').at(-1)),
        dimensions,
        path,
      );
    }
    assert.deepEqual(variable.shape, shape, path);
    for (const dimension of variable.dimensions) assert.ok(known.has(dimension), dimension);
  }
}

async function compareVariable(
  { index, source }: Indexed,
  variable: IndexedVariable,
  expected: OracleVariable,
  path: string,
): Promise<void> {
  assert.ok(variable, path);
  for (const [name, value] of Object.entries(expected.attributes ?? {})) {
    const attribute = variable.attributes.find((candidate) => candidate.name === name);
    // The reference writes compounds in Python's notation.
    if (typeof value === 'string' && variable.dtype !== 'compound') {
      assert.deepEqual(attribute?.strings, [value], `${path}:${name}`);
    }
    if (typeof value === 'number') {
      const numbers = attribute!.numbers.length > 0 ? attribute!.numbers : attribute!.integers.map(Number);
      assert.equal(numbers[0], value, `${path}:${name}`);
    }
  }
  if (variable.notComputable !== '') return;
  assert.deepEqual(variable.shape, expected.shape, path);
  const stored = await readStored(variable, source, index.version!);
  const unpack = unpacking(variable);
  for (const { index: at, value } of expected.samples ?? []) {
    const found = stored.values[ravel(at, variable.shape)];
    if (value === 'nan') assert.ok(Number.isNaN(found), path);
    else if (typeof value === 'string') assert.equal(textOf(found), value, path);
    if (typeof value !== 'number') continue;
    const unpacked = unpack(Number(found));
    assert.ok(
      Math.abs(unpacked - value) <= 1e-6 * Math.max(1, Math.abs(value)),
      `${path}[${at}]: ${unpacked}, ${value}`,
    );
  }
}

async function compareStatistics(
  { index, source }: Indexed,
  variable: IndexedVariable,
  expected: OracleVariable,
  path: string,
): Promise<void> {
  assert.equal(variable.notComputable, '', path);
  const { values } = await readStored(variable, source, index.version!);
  const finite = Array.from(values, Number).filter(Number.isFinite);
  const { count_valid, count_missing, count_nan_or_inf, min, max, mean } = expected;
  assert.deepEqual(
    [finite.length, 0, values.length - finite.length],
    [count_valid, count_missing, count_nan_or_inf],
    path,
  );
  const [least, most] = [Math.min, Math.max].map((pick) => finite.reduce((a, b) => pick(a, b)));
  assert.deepEqual([least, most], [min, max], path);
  const average = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  assert.ok(Math.abs(average - mean!) <= 1e-9 * Math.abs(mean!), `${path}: mean ${average}, not ${mean}`);
}

function textOf(value: number | bigint | string): string {
  return typeof value === 'string' ? value : String.fromCharCode(Number(value));
}

function unpacking(variable: IndexedVariable): (stored: number) => number {
  const number = (name: string) =>
    variable.attributes.find((attribute) => attribute.name === name)?.numbers[0];
  return (stored) => stored * (number('scale_factor') ?? 1) + (number('add_offset') ?? 0);
}
