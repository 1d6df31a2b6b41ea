import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { pictureValues, valueFrame } from '../../src/explore/value-frame.ts';

describe('values for a picture', () => {
  it('tell missing from NaN, and the range of what is there', () => {
    const { bits, ...counts } = pictureValues({
      dtype: 'float64',
      shape: [6],
      values: Float64Array.of(1.5, Number.NaN, 99, -2.25, Number.POSITIVE_INFINITY, 0.1),
      mask: Uint8Array.of(0, 0, 1, 0, 0, 0),
    });
    assert.deepEqual(counts, { missing: 1, nan: 1, range: [-2.25, 1.5] });
    assert.equal(bits[1], 0x7fc00000);
    assert.equal(bits[2], 0x7fc00001);
    const floats = new Float32Array(bits.buffer);
    assert.deepEqual([floats[0], floats[3], floats[4], floats[5]], [1.5, -2.25, Infinity, Math.fround(0.1)]);
  });

  it('have no range when nothing is there, and may be of 64-bit integers', () => {
    const gone = {
      dtype: 'int32' as const,
      shape: [2],
      values: Int32Array.of(1, 2),
      mask: Uint8Array.of(1, 1),
    };
    assert.equal(pictureValues(gone).range, undefined);
    const wide = { dtype: 'int64' as const, shape: [2], values: BigInt64Array.of(-5n, 7n) };
    assert.deepEqual(pictureValues(wide).range, [-5, 7]);
  });

  it('are not text', () =>
    assert.throws(
      () => pictureValues({ dtype: 'string', shape: [1], values: ['a'] }),
      (error) => isHyperslabError(error, 'NOT_COMPUTABLE'),
    ));

  it('follow their head at a multiple of four bytes', () => {
    for (const name of ['', 'a', 'ab', 'abc', 'zwölf']) {
      const frame = valueFrame({ name }, Float32Array.of(1, 2), Uint32Array.of(7));
      const view = new DataView(frame.buffer);
      const length = view.getUint32(0, true);
      assert.equal(length % 4, 0);
      assert.deepEqual(JSON.parse(new TextDecoder().decode(frame.subarray(4, 4 + length))), { name });
      assert.equal(frame.length, 4 + length + 12);
      assert.equal(view.getFloat32(4 + length + 4, true), 2);
      assert.equal(view.getUint32(4 + length + 8, true), 7);
    }
  });
});
