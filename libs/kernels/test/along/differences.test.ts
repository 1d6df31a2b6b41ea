import assert from 'node:assert/strict';
import { allocateValues, type MaskedArray, type NumberArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { differences } from '../../src/index.ts';
import { columnOf, randomColumns } from './random-columns.ts';

const types: NumericType[] = ['float32', 'float64', 'int8', 'uint16', 'int32', 'int64', 'uint64'];

/** Differences of neighbours in a new array of the type each time. */
function plainly(dtype: NumericType, column: NumberArray, n: number): NumberArray {
  if (n === 0) return column;
  const next = allocateValues(dtype, column.length - 1) as NumberArray;
  for (let i = 0; i < next.length; i++) next[i] = column[i + 1] - column[i];
  return plainly(dtype, next, n - 1);
}

function columns({ shape }: MaskedArray): [outer: number, inner: number][] {
  return Array.from({ length: shape[0] * shape[2] }, (_, i) => [Math.floor(i / shape[2]), i % shape[2]]);
}

describe('differences', () => {
  it('of any order are those of neighbours, taken one by one, to the bit', () => {
    const property = fc.property(randomColumns(types, 2), fc.nat(), (array, order) => {
      const n = 1 + (order % (array.shape[1] - 1));
      const found = differences(array, 1, n);
      assert.deepEqual(found.shape, array.shape.with(1, array.shape[1] - n));
      for (const [outer, inner] of columns(array)) {
        const given = columnOf({ ...array, mask: undefined }, outer, inner);
        const typed = allocateValues(array.dtype, given.length) as NumberArray;
        given.forEach((value, i) => {
          typed[i] = value as number;
        });
        const expected = plainly(array.dtype as NumericType, typed, n);
        assert.deepEqual(columnOf({ ...found, mask: undefined }, outer, inner), [...expected]);
        const missing = columnOf(array, outer, inner).map((value) => value === undefined);
        columnOf(found, outer, inner).forEach((value, i) => {
          assert.equal(value === undefined, missing.slice(i, i + n + 1).includes(true));
        });
      }
    });
    fc.assert(property);
  });

  it('leave what they are taken of as it is', () => {
    const values = Float32Array.of(1, 4, 9, 16);
    differences({ dtype: 'float32', shape: [4], values }, 0, 2);
    assert.deepEqual(values, Float32Array.of(1, 4, 9, 16));
  });
});
