import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ravel } from '@hyperslab/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { sharedData } from '@hyperslab/testing';
import { type IndexedStore, valuesOf, withStore } from './reference.ts';

interface OracleVariable {
  shape: number[];
  dims: string[];
  dtype_raw: string;
  attributes: Record<string, unknown>;
  count_valid: number;
  min: number;
  max: number;
  mean: number;
  samples: { index: number[]; value: number | null }[];
}

const data = sharedData();

describe('zarr: real stores against their oracle', () => {
  if (data === undefined) {
    it('needs ../shared/data beside the repository', function () {
      this.skip();
    });
    return;
  }
  const oracle = JSON.parse(readFileSync(join(data, 'ORACLE.json'), 'utf8'));
  for (const name of Object.keys(oracle).filter((file) => /\.zarr\d?$/.test(file))) {
    for (const root of ['zarr.json', '.zmetadata', '.zgroup']) {
      if (!existsSync(join(data, name, root))) continue;
      it(`${name}/${root}: dimensions, attributes, all values`, () =>
        withStore(join(data, name, root), async (store) => {
          assert.equal(store.index.format, 'zarr');
          for (const [path, expected] of Object.entries(oracle[name].variables)) {
            await compareVariable(store, `/${path}`, expected as OracleVariable);
          }
        }));
    }
  }
});

async function compareVariable(store: IndexedStore, path: string, expected: OracleVariable): Promise<void> {
  const variable = store.variables.get(path);
  assert.ok(variable, path);
  assert.equal(variable.notComputable, '', path);
  assert.deepEqual([variable.dtype, variable.shape], [expected.dtype_raw, expected.shape], path);
  assert.deepEqual(
    variable.dimensions.map((dimension) => dimension.slice(1)),
    expected.dims,
    path,
  );
  for (const [name, value] of Object.entries(expected.attributes)) {
    const attribute = variable.attributes.find((candidate) => candidate.name === name);
    const found: unknown = attribute?.strings[0] ?? attribute?.numbers[0];
    assert.deepEqual(found, value, `${path}:${name}`);
  }
  const { values } = await valuesOf(store, variable);
  const unpack = unpacking(variable);
  const valid = [...values].map((value) => unpack(Number(value))).filter((value) => !Number.isNaN(value));
  assert.equal(valid.length, expected.count_valid, path);
  const sum = valid.reduce((total, value) => total + value, 0);
  assertNear(
    valid.reduce((least, value) => Math.min(least, value)),
    expected.min,
    path,
  );
  assertNear(
    valid.reduce((most, value) => Math.max(most, value)),
    expected.max,
    path,
  );
  assertNear(sum / valid.length, expected.mean, path);
  for (const { index, value } of expected.samples) {
    const found = unpack(Number(values[ravel(index, variable.shape)]));
    if (value === null) assert.ok(Number.isNaN(found), `${path}[${index}]`);
    else assertNear(found, value, `${path}[${index}]`);
  }
}

function assertNear(found: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(found - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, ${expected}`,
  );
}

/** Missing is NaN. */
function unpacking({ attributes, dtype }: IndexedVariable): (stored: number) => number {
  const numberOf = (name: string) => attributes.find((attribute) => attribute.name === name)?.numbers[0];
  const round = dtype === 'float32' ? Math.fround : (value: number) => value;
  const missing = ['_FillValue', 'missing_value'].flatMap((name) => numberOf(name) ?? []).map(round);
  return (stored) =>
    missing.includes(stored)
      ? Number.NaN
      : stored * (numberOf('scale_factor') ?? 1) + (numberOf('add_offset') ?? 0);
}
