import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { decodeBlock, encodeBlock } from '../../src/index.ts';

const arrays: MaskedArray[] = [
  { dtype: 'int16', shape: [3], values: Int16Array.of(1, -2, 3), mask: Uint8Array.of(0, 1, 0) },
  { dtype: 'float64', shape: [], values: Float64Array.of(Math.PI) },
  { dtype: 'string', shape: [2], values: ['é', ''] },
  { dtype: 'uint64', shape: [2, 0], values: new BigUint64Array(0) },
];

describe('blocks', () => {
  it('come back as they were', () => {
    const block = encodeBlock(arrays);
    const plain = (list: MaskedArray[]) =>
      list.map(({ mask, values, ...rest }) => ({
        ...rest,
        values: Array.from(values as []),
        mask: mask && Array.from(mask),
      }));
    assert.deepEqual(plain(decodeBlock(block)), plain(arrays));
    const unaligned = new Uint8Array(block.length + 3).subarray(3);
    unaligned.set(block);
    assert.deepEqual(plain(decodeBlock(unaligned)), plain(arrays));
  });

  it('are refused when cut off, lengthened or damaged', () => {
    const block = encodeBlock(arrays);
    const refused = (bytes: Uint8Array) => {
      try {
        decodeBlock(bytes);
        return false;
      } catch (error) {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        return true;
      }
    };
    for (let length = 0; length < block.length; length++)
      assert.ok(refused(block.slice(0, length)), `cut at ${length}`);
    assert.ok(refused(new Uint8Array([...block, 0])));
    fc.assert(
      fc.property(fc.nat({ max: block.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        refused(block.with(at, value));
      }),
      { numRuns: 2000 },
    );
    const huge = block.slice();
    new DataView(huge.buffer).setBigUint64(24, 2n ** 60n, true);
    assert.ok(refused(huge));
  });
});
