import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import { runPython, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import type { SampleVariable } from '../sample-dataset.ts';
import type { RandomCube } from './random-cube.ts';
import { anyCuts, runInAnyOrder } from './run-in-any-order.ts';

/** An expression and what it is in Python, where variables of the dataset are xarray's. */
export interface OperationCase {
  cube: RandomCube;
  text: string;
  python: string;
}

interface Found {
  error?: string;
  dimensions: string[];
  shape: number[];
  dtype: string;
  values: (number | string | boolean | null)[];
}

export interface Agreement {
  /** How many cases. @default 80 */
  runs?: number;
  /** Largest difference, relative to the larger of 1 and the value, of float64 and float32. */
  tolerance?: number;
  /** Types are not compared: xarray makes floating ones of integers that have missing values. */
  anyType?: boolean;
}

/**
 * Runs random cases here, whose tasks come in another order the second time with equal bits, and in xarray. Values must agree;
 * missing ones and NaN are one in xarray.
 */
export async function assertAgreesWithXarray(
  cases: fc.Arbitrary<OperationCase>,
  { runs = 80, tolerance, anyType = false }: Agreement = {},
): Promise<void> {
  await withRandomSeed((seed) =>
    withTemporaryDirectory(async (folder) => {
      const sampled = fc.sample(fc.record({ each: cases, cuts: anyCuts }), { seed, numRuns: runs });
      const file = join(folder, 'cases.json');
      await writeFile(file, JSON.stringify(sampled.map(({ each }) => pythonCase(each))));
      const expected = runPython<Found>(join(import.meta.dirname, '../foreign/operations.py'), file);
      assert.equal(expected.length, sampled.length);
      for (const [i, { each, cuts }] of sampled.entries()) {
        const [{ dimensions, array }] = each.cube.variables;
        const what = `${each.text} of ${JSON.stringify(dimensions)} ${array.shape} ${array.dtype}`;
        const { plan, result } = await runInAnyOrder(each.text, each.cube, cuts, what);
        assertAgrees(result, plan.result!.dimensions, expected[i], what, { tolerance, anyType });
      }
    }),
  );
}

function pythonCase({ cube, python }: OperationCase) {
  return { variables: cube.variables.map(pythonVariable), cubes: Object.keys(cube.cubes), python };
}

function pythonVariable({ name, dimensions, array, attributes = {} }: SampleVariable) {
  const values = Array.from(array.values as Float64Array, (value, i) =>
    array.mask?.[i] || Number.isNaN(value) ? null : Number(value),
  );
  return { name, dimensions, shape: array.shape, dtype: array.dtype, values, attributes };
}

function assertAgrees(
  actual: MaskedArray,
  dimensions: readonly string[],
  expected: Found,
  what: string,
  { tolerance, anyType }: Agreement,
): void {
  assert.equal(expected.error, undefined, what);
  assert.deepEqual(dimensions, expected.dimensions, what);
  assert.deepEqual(actual.shape, expected.shape, what);
  if (!anyType) assert.equal(actual.dtype, expected.dtype, what);
  const allowed = tolerance ?? (actual.dtype === 'float32' ? 1e-5 : 1e-11);
  expected.values.forEach((value, i) => {
    const absent = (actual.mask?.[i] ?? 0) !== 0 || Number.isNaN(actual.values[i]);
    assert.equal(absent, value === null, `${what}: at ${i}: missing is ${absent}, xarray has ${value}`);
    if (value === null) return;
    const [got, wanted] = [Number(actual.values[i]), Number(value)];
    const close = got === wanted || Math.abs(got - wanted) <= allowed * Math.max(1, Math.abs(wanted));
    assert.ok(close, `${what}: at ${i}: ${got}, xarray has ${wanted}`);
  });
}
