import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { ordinaryMemory, reductionKind } from '../../src/index.ts';
import { presentRuns } from '../../src/reductions/present-runs.ts';
import { wholeNumbers } from '../../src/reductions/whole-numbers.ts';
import { reduceWhole } from './cut-and-merge.ts';

function array(...values: number[]): MaskedArray {
  return { dtype: 'float64', shape: [values.length], values: Float64Array.from(values) };
}

const names = [
  ...['any', 'all', 'first', 'last', 'argmin', 'argmax', 'median', 'percentile', 'approximate_percentile'],
  ...['covariance', 'correlation', 'slope', 'intercept', 'histogram'],
  ...['weighted_mean', 'weighted_sum', 'weighted_std', 'weighted_var'],
];

describe('reductions of odd values', () => {
  it('make NaN of infinities that differences are taken of', () => {
    const pair = { array: array(1, 2, 3, Infinity), others: [{ array: array(1, 2, 5, 6), axes: [0] }] };
    for (const name of ['covariance', 'correlation', 'slope'])
      assert.ok(Number.isNaN(reduceWhole(name, { ...pair, axes: [0] }).values[0]), name);
  });

  it('have no correlation of constants, whatever rounding', () => {
    const constant = array(...Array.from({ length: 30 }, () => 0.1));
    const other = array(...Array.from({ length: 30 }, (_, i) => Math.sin(i)));
    const others = [{ array: other, axes: [0] }];
    assert.ok(Number.isNaN(reduceWhole('correlation', { array: constant, others, axes: [0] }).values[0]));
    assert.equal(reduceWhole('slope', { array: constant, others, axes: [0] }).values[0], 0);
  });

  it('find the extremes of integers that are the least there are', () => {
    const least: MaskedArray = {
      dtype: 'int64',
      shape: [2],
      values: BigInt64Array.of(-(2n ** 63n), -(2n ** 63n)),
    };
    assert.deepEqual(reduceWhole('argmax', { array: least, axes: [0] }).values, BigInt64Array.of(0n));
    const most: MaskedArray = {
      dtype: 'uint8',
      shape: [3],
      values: Uint8Array.of(255, 255, 255),
      mask: Uint8Array.of(1, 0, 0),
    };
    assert.deepEqual(reduceWhole('argmin', { array: most, axes: [0] }).values, BigInt64Array.of(1n));
  });

  it('count beyond 2^32', () => {
    assert.deepEqual(
      wholeNumbers(Float64Array.of(0, 5, 2 ** 32 + 7, 2 ** 53)),
      BigInt64Array.of(0n, 5n, 2n ** 32n + 7n, 2n ** 53n),
    );
  });

  it('visit what no mask has, in runs', () => {
    const masks = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 20 });
    const property = fc.property(masks, fc.integer({ min: 1, max: 3 }), (bits, step) => {
      const [first, second] = [0, 1].map((which) => {
        const mask = new Uint8Array(bits.length * step);
        for (const [i, each] of bits.entries()) mask[i * step] = Number(each[which]);
        return mask;
      });
      const seen: number[] = [];
      const runs = presentRuns(
        [
          { array: 0, mask: first },
          { array: 1, mask: second },
        ],
        ([at, other], _, length) => {
          assert.equal(at, other);
          for (let i = 0; i < length; i++) seen.push(at / step + i);
        },
      );
      runs([0, 0], [step, step], bits.length);
      assert.deepEqual(
        seen,
        [...bits.keys()].filter((i) => !bits[i][0] && !bits[i][1]),
      );
    });
    fc.assert(property);
  });

  it('answer a partial result or refuse it, of any arrays', () => {
    const types = {
      float64: Float64Array,
      float32: Float32Array,
      uint8: Uint8Array,
      uint16: Uint16Array,
      int32: Int32Array,
    };
    const some = fc
      .tuple(
        fc.constantFrom(...Object.keys(types)),
        fc.array(fc.oneof(fc.nat({ max: 400 }), fc.double()), { maxLength: 12 }),
      )
      .map(([dtype, list]) => {
        const values = new types[dtype as keyof typeof types](list);
        return { dtype, shape: [values.length], values } as MaskedArray;
      });
    const property = fc.property(
      fc.constantFrom(...names),
      fc.array(some, { maxLength: 8 }),
      (name, arrays) => {
        const request = {
          dtype: 'float32' as const,
          otherTypes: ['float32' as const],
          shape: [3],
          memory: ordinaryMemory,
        };
        withinLimits(() => {
          try {
            const kind = reductionKind(name);
            const parameters = { edges: [0, 1], lengths: [2, 2] };
            kind.fromArrays({ ...request, parameters }, arrays).finish();
          } catch (error) {
            assert.match(String(error), /no partial result of/);
          }
        });
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  it('answer a partial result or refuse it, of arrays with values changed', () => {
    const input = { array: array(...Array.from({ length: 900 }, (_, i) => i % 37)), axes: [0] };
    const others = [{ array: input.array, axes: [0] }];
    const request = {
      dtype: 'float64' as const,
      otherTypes: ['float64' as const],
      shape: [],
      memory: ordinaryMemory,
    };
    const property = fc.property(
      fc.constantFrom(...names),
      fc.nat(),
      fc.nat(),
      fc.double(),
      (name, which, place, value) => {
        const kind = reductionKind(name);
        const parameters = { edges: [0, 1] };
        const reduction = kind.create({ ...request, total: 900, parameters });
        reduction.add(input.array, others, [0], [], [0]);
        const arrays = reduction.toArrays();
        const changed = arrays[which % arrays.length].values as Float64Array;
        if (changed.length > 0) changed[place % changed.length] = value;
        withinLimits(() => {
          try {
            const made = kind.fromArrays({ ...request, parameters }, arrays);
            made.merge(kind.fromArrays({ ...request, parameters }, arrays));
            made.finish();
          } catch (error) {
            assert.match(String(error), /no partial result of/);
          }
        });
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});
