import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { broadcast } from '../../src/index.ts';

const array: MaskedArray = {
  dtype: 'int32',
  shape: [2, 3],
  values: Int32Array.of(1, 2, 3, 4, 5, 6),
  mask: Uint8Array.of(0, 1, 0, 0, 0, 0),
};

describe('broadcast', () => {
  it('repeats along new dimensions', () => {
    const { values, mask } = broadcast(array, [1, 2], [2, 2, 3]);
    assert.deepEqual(values, Int32Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6));
    assert.deepEqual(mask, Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0));
    const inner: MaskedArray = { dtype: 'int32', shape: [2], values: Int32Array.of(7, 8) };
    assert.deepEqual(broadcast(inner, [0], [2, 3]).values, Int32Array.of(7, 7, 7, 8, 8, 8));
  });

  it('turns dimensions', () => {
    const { values, shape } = broadcast(array, [1, 0], [3, 2]);
    assert.deepEqual(values, Int32Array.of(1, 4, 2, 5, 3, 6));
    assert.deepEqual(shape, [3, 2]);
  });

  it('leaves what fits, and arrays of one element, as they are', () => {
    assert.equal(broadcast(array, [0, 1], [2, 3]), array);
    const one: MaskedArray = { dtype: 'int32', shape: [], values: Int32Array.of(1) };
    assert.equal(broadcast(one, [], [2, 3]), one);
  });
});
