import assert from 'node:assert/strict';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { decodeChunk } from '../../src/index.ts';
import { packWgdos, type WgdosField } from './pack-wgdos.ts';

const missing = -1073741824;

function layoutOf(rows: number, columns: number, width = 4) {
  const configuration = JSON.stringify({ rows, columns, width, missing });
  const bytes = { name: 'bytes', configuration: '{"endian":"little"}' };
  return {
    storedDtype: width === 4 ? 'float32' : 'float64',
    codecs: [bytes, { name: 'pp_wgdos', configuration }],
  };
}

const anyValue = fc.oneof(
  fc.integer({ min: -4000, max: 4000 }).map((n) => n / 16),
  fc.constantFrom(0, 0, missing, 250.5),
  fc.integer({ min: -2e9, max: 2e9 }).map((n) => n / 2e6),
);

const anyField: fc.Arbitrary<WgdosField> = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 70 }),
    exponent: fc.integer({ min: -12, max: 8 }),
    zeroMap: fc.boolean(),
    minimumMap: fc.boolean(),
  })
  .chain((shape) =>
    fc
      .array(anyValue, { minLength: shape.rows * shape.columns, maxLength: shape.rows * shape.columns })
      .map((values) => ({ ...shape, values, missing })),
  );

/** Bytes of each word of a width in reverse order: what a machine of the other byte order writes. */
function reversed(bytes: Uint8Array, width: 4 | 8): Uint8Array {
  const padded = Buffer.concat([bytes, Buffer.alloc((width - (bytes.length % width)) % width)]);
  return new Uint8Array(width === 4 ? padded.swap32() : padded.swap64());
}

describe('pp_wgdos', () => {
  it('decodes what was packed, whatever bitmaps rows have and in whatever byte order', () => {
    fc.assert(
      fc.property(anyField, fc.constantFrom(0, 4, 8), (field, swap) => {
        const { packed, expected } = packWgdos(field);
        const stored = swap === 0 ? packed : reversed(packed, swap as 4 | 8);
        const { rows, columns } = field;
        const wide = decodeChunk(stored, layoutOf(rows, columns, 8), rows * columns, 0);
        assert.deepEqual(Array.from(wide, Number), expected);
        const narrow = decodeChunk(stored, layoutOf(rows, columns), rows * columns, 0);
        assert.deepEqual(Array.from(narrow, Number), expected.map(Math.fround));
      }),
    );
  });

  it('has values within half the precision of those that were packed', () => {
    fc.assert(
      fc.property(anyField, (field) => {
        const { rows, columns, values, exponent } = field;
        const decoded = decodeChunk(packWgdos(field).packed, layoutOf(rows, columns, 8), rows * columns, 0);
        // A base below a value is off by what an IBM float can't tell.
        const most = 2 ** exponent / 2 + 1e-9;
        values.forEach((value, i) => {
          assert.ok(
            value === missing ? decoded[i] === missing : Math.abs(Number(decoded[i]) - value) <= most,
          );
        });
      }),
    );
  });

  it('has values of a field that was packed by hand', () => {
    // Base 1.5, steps of 1/4: a row of 3 values of 2 bits; then a row of a missing value, a zero, and 1.5 + 3/4.
    const words = [
      ...[10, 0xfffffffe, 0x00030002],
      ...[0x41180000, 0x00020001, 0b00011100 << 24],
      ...[0x41180000, 0x00a20002, 0b10010100 << 24, 0b11000000 << 24],
    ];
    const bytes = Buffer.alloc(40);
    for (const [i, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * i);
    const values = decodeChunk(bytes, layoutOf(2, 3), 6, 0);
    assert.deepEqual(Array.from(values, Number), [1.5, 1.75, 2.25, missing, 0, 2.25]);
  });

  it('takes values as missing that the header of the next row was written over', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8].map((value) => value * 4096);
    const field = { rows: 1, columns: 8, values, missing, exponent: 0, zeroMap: false, minimumMap: false };
    const { packed } = packWgdos(field);
    // 8 values of 15 bits in 4 words; with one word less, 6 of them are whole.
    const cut = packed.slice(0, packed.length - 4);
    cut[3]--;
    cut[19]--;
    const decoded = decodeChunk(cut, layoutOf(1, 8), 8, 0);
    assert.deepEqual(Array.from(decoded, Number), [...values.slice(0, 6), missing, missing]);
  });

  it('refuses other shapes, rows that do not end where they say, and precisions that are none', () => {
    const field = { rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6], missing, exponent: 0 };
    const { packed } = packWgdos({ ...field, zeroMap: false, minimumMap: false });
    const refuses = (bytes: Uint8Array, text: RegExp, rows = 2) =>
      assert.throws(
        () => decodeChunk(bytes, layoutOf(rows, 3), 3 * rows, 0),
        (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && text.test(error.message),
      );
    const changed = (at: number, value: number) => {
      const bytes = packed.slice();
      bytes[at] = value;
      return bytes;
    };
    refuses(packed, /a packed field of 3 rows of 3 columns/, 3);
    refuses(packed.subarray(0, 8), /in 2 words, found a header of/);
    refuses(packed.subarray(0, packed.length - 4), /a packed field of 2 rows/);
    refuses(changed(4, 127), /a precision/);
    refuses(changed(19, 3), /row 0: its values to end at word 6, found word 8/);
    refuses(changed(16, 1), /row 0: flags of 8 bits/);
  });

  it('ends in values or a typed error for any damage', () => {
    const damage = fc.record({ at: fc.nat(), bit: fc.nat(7), cut: fc.nat(12) });
    fc.assert(
      fc.property(anyField, fc.array(damage, { minLength: 1, maxLength: 3 }), (field, damages) => {
        let stored = packWgdos(field).packed;
        for (const { at, bit, cut } of damages) {
          if (stored.length > 0) stored[at % stored.length] ^= 1 << bit;
          stored = stored.subarray(0, Math.max(0, stored.length - cut));
        }
        const { rows, columns } = field;
        try {
          assert.equal(
            decodeChunk(stored, layoutOf(rows, columns), rows * columns, 0).length,
            rows * columns,
          );
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
          assert.equal(error.reason, 'FORMAT_CORRUPT');
        }
      }),
      { numRuns: 300 },
    );
  });
});
