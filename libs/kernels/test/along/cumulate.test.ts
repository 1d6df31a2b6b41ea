import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import fc from 'fast-check';
import { cumulate } from '../../src/index.ts';

const carried = (value: bigint): MaskedArray => ({
  dtype: 'int64',
  shape: [],
  values: BigInt64Array.of(value),
});

describe('cumulation', () => {
  it('of 32-bit integers is exact whatever is carried, however short the array is', () => {
    const carry = fc.bigInt({ min: -(2n ** 58n), max: 2n ** 58n });
    fc.assert(
      fc.property(
        fc.array(carry, { maxLength: 6 }),
        fc.array(fc.integer(), { minLength: 1, maxLength: 5 }),
        (carries, numbers) => {
          const array: MaskedArray = {
            dtype: 'int32',
            shape: [numbers.length],
            values: Int32Array.from(numbers),
          };
          const { values } = cumulate('sum', array, 0, 0, carries.map(carried));
          let total = carries.reduce((sum, value) => sum + value, 0n);
          const expected = numbers.map((value) => {
            total += BigInt(value);
            return total;
          });
          assert.deepEqual([...(values as BigInt64Array)], expected);
        },
      ),
    );
  });
});
