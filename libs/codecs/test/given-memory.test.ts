import assert from 'node:assert/strict';
import { openRegion } from '@hyperslab/kernels';
import fc from 'fast-check';
import { decodeChunk, encodeChunk } from '../src/index.ts';

const dtypes = { int8: Int8Array, int16: Int16Array, float32: Float32Array, float64: Float64Array };

describe('decoding into memory that is given', () => {
  it('gives the same values, whatever lies before it, and leaves that alone', () => {
    const lengths = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 3_000 }));
    const names = fc.constantFrom(...(Object.keys(dtypes) as (keyof typeof dtypes)[]));
    fc.assert(
      fc.property(
        names,
        lengths,
        fc.boolean(),
        fc.nat({ max: 255 }),
        (storedDtype, count, deflated, seed) => {
          const numbers = Array.from({ length: count }, (_, i) => ((i * 7 + seed) % 251) - 100);
          const values = new dtypes[storedDtype](numbers);
          const elementsize = values.BYTES_PER_ELEMENT;
          const codecs = [
            { name: 'bytes', configuration: '' },
            { name: 'shuffle', configuration: JSON.stringify({ elementsize }) },
            ...(deflated ? [{ name: 'deflate', configuration: '' }] : []),
          ];
          const layout = { storedDtype, codecs };
          const stored = encodeChunk(values, layout);
          using region = openRegion();
          const before = region.array('uint8', 4_096).fill(seed as never) as Uint8Array;
          const decoded = decodeChunk(stored, layout, count, 0, region);
          assert.deepEqual(Array.from(decoded as Float64Array), Array.from(values));
          assert.ok(before.every((byte) => byte === seed));
        },
      ),
      { numRuns: 300 },
    );
  });
});
