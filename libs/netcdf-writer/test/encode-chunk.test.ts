import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeChunk, padChunk, shuffle } from '../src/encode-chunk.ts';

describe('shuffle', () => {
  it('puts bytes of equal significance together', () => {
    assert.deepEqual([...shuffle(Uint8Array.of(1, 2, 3, 4, 5, 6), 2)], [1, 3, 5, 2, 4, 6]);
  });

  it('moves byte b of element i to b * count + i', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 8), fc.nat(20), (width, count) => {
        const bytes = Uint8Array.from({ length: width * count }, (_, i) => (i * 7) & 0xff);
        const shuffled = shuffle(bytes, width);
        for (let i = 0; i < count; i++)
          for (let b = 0; b < width; b++) assert.equal(shuffled[b * count + i], bytes[i * width + b]);
      }),
    );
  });
});

describe('padChunk', () => {
  it('puts the valid part first and fills the rest', () => {
    const padded = padChunk(Int16Array.of(1, 2, 3, 4), [2, 2], [3, 3], Uint8Array.of(9, 0));
    assert.deepEqual([...new Int16Array(padded.buffer)], [1, 2, 9, 3, 4, 9, 9, 9, 9]);
  });
});

describe('encodeChunk', () => {
  it('has taken the bytes when it returns', async () => {
    for (const [shuffled, deflateLevel] of [
      [true, 1],
      [false, 1],
      [false, 0],
      [true, 0],
    ] as const) {
      const bytes = Uint8Array.from({ length: 800 }, (_, i) => i & 0xff);
      const expected = shuffled ? shuffle(bytes, 4) : bytes.slice();
      const encoding = encodeChunk(bytes, 4, { shape: [200], shuffle: shuffled, deflateLevel });
      bytes.fill(0);
      const encoded = await encoding;
      const stored = deflateLevel > 0 ? new Uint8Array(inflateSync(encoded)) : encoded;
      assert.deepEqual(stored, expected);
    }
  });
});
