import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import { asHyperslabError } from '@hyperslab/errors';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import { readArray } from '@hyperslab/reader';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { aggregate, formatTime, openManifest, parseTimeUnits } from '../src/index.ts';
import { indexFiles } from './index-file.ts';

interface ExpectedVariable {
  dimensions: string[];
  shape: number[];
  values?: (number | string | null)[];
  /** Dates of a time coordinate, whatever its reference. */
  iso?: string[];
}

interface Expected {
  files: string[];
  /** Patterns that the error matches. */
  error?: string[];
  variables?: Record<string, ExpectedVariable>;
}

const folder = join(repository, 'fixtures/merge');
const expected: Record<string, Expected> = JSON.parse(readFileSync(join(folder, 'centres.json'), 'utf8'));
const storage = { open: (url: string) => memorySource(url, readFileSync(url)) };

/** Values of a whole variable as a reader of the published dataset has them; null where there are none. */
async function valuesOf(variable: Variable, manifestBytes: Uint8Array): Promise<(number | string | null)[]> {
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  const manifest = await openManifest(memorySource('manifest', manifestBytes));
  const { values, mask, dtype }: MaskedArray = await readArray({ variable, ranges, manifest, storage });
  return Array.from(values as ArrayLike<number | string>, (value, i) => {
    if (mask?.[i] === 1 || Number.isNaN(value)) return null;
    if (typeof value === 'string') return value;
    return dtype === 'char' ? String.fromCharCode(value) : Number(value);
  });
}

function datesOf({ attributes }: Variable, values: (number | string | null)[]): string[] {
  const text = (name: string) => attributes.find((attribute) => attribute.name === name)?.strings[0];
  const units = parseTimeUnits(text('units')!, text('calendar'))!;
  return values.map((value) => formatTime(Number(value), units).replace('Z', ''));
}

async function check(
  dataset: Dataset,
  manifest: Uint8Array,
  name: string,
  { dimensions, shape, values, iso }: ExpectedVariable,
): Promise<void> {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable !== undefined, `no ${name} among ${dataset.variables.map((found) => found.name)}`);
  assert.deepEqual([variable.dimensions, variable.shape], [dimensions, shape], name);
  const found = await valuesOf(variable, manifest);
  if (iso !== undefined) {
    // The bounds of a time coordinate are in its units.
    const parent = dataset.variables.find((candidate) => `${candidate.name}_bnds` === name) ?? variable;
    assert.deepEqual(datesOf(parent, found), iso, name);
    return;
  }
  assert.equal(found.length, values!.length, name);
  for (const [i, value] of values!.entries()) {
    if (typeof value === 'number' && typeof found[i] === 'number') {
      assert.ok(
        Math.abs(found[i] - value) <= 1e-6 * Math.abs(value),
        `${name}[${i}]: ${found[i]}, not ${value}`,
      );
    } else assert.equal(found[i], value, `${name}[${i}]`);
  }
}

describe('runs as centres lay them out', () => {
  for (const [run, { files, error, variables }] of Object.entries(expected)) {
    const paths = files.map((file) => join(folder, 'centres', run, file));
    if (error !== undefined) {
      it(`${run}: is refused, saying which files and what to do`, async () => {
        await assert.rejects(aggregate(indexFiles(paths)), (thrown) => {
          const { reason, message } = asHyperslabError(thrown);
          for (const pattern of error) assert.match(`${reason}: ${message}`, new RegExp(pattern));
          for (const path of paths) assert.ok(message.includes(path), `${path} is not named in ${message}`);
          return true;
        });
      });
      continue;
    }
    it(`${run}: holds what xarray reads`, async () => {
      const { dataset, manifest } = await aggregate(indexFiles(paths));
      for (const [name, variable] of Object.entries(variables!))
        await check(dataset, manifest, name, variable);
    });
  }
});
