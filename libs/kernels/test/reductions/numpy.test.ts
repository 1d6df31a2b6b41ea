import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MaskedArray, NumericType } from '@hyperslab/array';
import { repository } from '@hyperslab/testing';
import { type ReductionParameters, reductionKind } from '../../src/index.ts';
import { arrayOf, difference, type PlainValue } from '../numpy-results.ts';
import { reduceWhole } from './cut-and-merge.ts';

/** What numpy made: see fixtures/kernels/make_numpy_reductions.py. */
const fixture: {
  edges: number[];
  cases: {
    dtype: NumericType;
    shape: number[];
    values: PlainValue[];
    mask: number[];
    axes: number[];
    other: { dtype: NumericType; axes: number[]; values: PlainValue[]; mask: number[] };
    results: Record<string, [dtype: string, values: PlainValue[]]>;
  }[];
} = JSON.parse(readFileSync(join(repository, 'fixtures/kernels/numpy-reductions.json'), 'utf8'));

function asked(result: string, lengths: number[]): { name: string; parameters: ReductionParameters } {
  const [name, number] = result.split(' ');
  if (name === 'percentile') return { name, parameters: { percentiles: Number(number) } };
  if (name === 'std' || name === 'var') return { name, parameters: { ddof: Number(number) } };
  if (name === 'covariance1') return { name: 'covariance', parameters: { ddof: 1 } };
  return { name, parameters: { edges: fixture.edges, lengths } };
}

describe('reductions by name', () => {
  it('are those of numpy, for all types, masks, NaN and empty arrays', () => {
    const wrong: string[] = [];
    for (const { dtype, shape, values, mask, axes, other, results } of fixture.cases) {
      const array = { ...arrayOf(dtype, values, shape), mask: Uint8Array.from(mask) };
      const otherShape = other.axes.map((axis) => shape[axis]);
      const second: MaskedArray = {
        ...arrayOf(other.dtype, other.values, otherShape),
        mask: Uint8Array.from(other.mask),
      };
      for (const [result, [resultType, expected]] of Object.entries(results)) {
        const { name, parameters } = asked(
          result,
          axes.map((axis) => shape[axis]),
        );
        const others = [{ array: second, axes: other.axes }];
        const names = name === 'percentile' ? [name, 'approximate_percentile'] : [name];
        for (const each of names) {
          const found = reduceWhole(each, { array, others, axes, parameters });
          assert.equal(found.dtype, reductionKind(each).resultType(dtype, [other.dtype], parameters));
          const relative = found.dtype === 'float32' ? 2e-7 : 1e-9;
          const why =
            found.dtype !== resultType
              ? `type ${found.dtype}, numpy has ${resultType}`
              : difference(found, expected, relative);
          if (why !== undefined) wrong.push(`${each} (${result}) ${dtype} [${shape}] over ${axes}: ${why}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
});
