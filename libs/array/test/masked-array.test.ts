import assert from 'node:assert/strict';
import { decodeArray, decodeValues, encodeArray, type MaskedArray } from '@hyperslab/array';
import fc from 'fast-check';

const arrays = fc.oneof(
  fc
    .array(fc.float(), { maxLength: 20 })
    .map((v) => ({ dtype: 'float32' as const, values: Float32Array.from(v) })),
  fc
    .array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))
    .map((v) => ({ dtype: 'int64' as const, values: BigInt64Array.from(v) })),
  fc.array(fc.string({ unit: 'grapheme' })).map((values) => ({ dtype: 'string' as const, values })),
);

describe('masked-array', () => {
  it('survives the wire, mask and all', () => {
    fc.assert(
      fc.property(
        arrays,
        fc.boolean(),
        fc.integer({ min: 0, max: 9 }),
        ({ dtype, values }, masked, shift) => {
          const mask = masked ? Uint8Array.from({ length: values.length }, (_, i) => i % 2) : undefined;
          const array: MaskedArray = { dtype, shape: [values.length], values, mask };
          const encoded = encodeArray(array);
          // Bytes from the network begin anywhere in their buffer.
          const bytes = new Uint8Array(encoded.data.length + shift).subarray(shift);
          bytes.set(encoded.data);
          const decoded = decodeArray({ ...encoded, data: bytes });
          assert.deepEqual(decoded.values, values);
          assert.deepEqual(decoded.mask, mask?.length ? mask : undefined);
        },
      ),
    );
  });

  it('refuses bytes that do not fit', () => {
    assert.throws(() => decodeValues('float32', new Uint8Array(7), 2), /8 bytes, got 7/);
    assert.throws(
      () => decodeValues('string', new Uint8Array([9, 0, 0, 0, 65]), 1),
      /string 0 of 1 is cut off/,
    );
    assert.throws(
      () => decodeArray({ dtype: 'int8', shape: [2], data: new Uint8Array(2), mask: new Uint8Array(1) }),
      /mask of 1 bytes for 2 values/,
    );
    assert.throws(
      () =>
        decodeArray({
          dtype: 'int8',
          shape: [2 ** 30, 2 ** 30],
          data: new Uint8Array(2),
          mask: new Uint8Array(0),
        }),
      /2\^53/,
    );
  });
});
