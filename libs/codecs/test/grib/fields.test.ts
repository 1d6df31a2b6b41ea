import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import fc from 'fast-check';
import { unpackBits } from '../../src/grib/unpack-bits.ts';
import { decodeChunk, encodeChunk } from '../../src/index.ts';
import { gribLayout } from './grib-layout.ts';
import {
  bitmap,
  bitmapIndicator,
  grid,
  message,
  representation,
  section,
  simpleMessage,
} from './make-message.ts';

const { NaN: missing } = Number;

const decode = (bytes: Uint8Array, points: number, more: object = {}): number[] =>
  Array.from(decodeChunk(bytes, gribLayout({ edition: 2, ...more }), points, 0) as Float32Array);

function failsWith(reason: Reason, body: () => unknown, text: RegExp): void {
  assert.throws(body, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

describe('grib: packed integers', () => {
  it('are unpacked from any bit on, in any width', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(20),
        fc.nat(32),
        (bytes, startBit, width) => {
          const count = Math.max(0, Math.floor((8 * bytes.length - startBit) / Math.max(1, width)));
          const target = new Uint32Array(count);
          unpackBits(new DataView(bytes.slice().buffer), startBit, width, count, target);
          const text = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
          const wanted = Array.from({ length: count }, (_, i) => {
            const at = startBit + i * width;
            return width === 0 ? 0 : Number.parseInt(text.slice(at, at + width), 2);
          });
          assert.deepEqual([...target], wanted);
        },
      ),
    );
  });

  it('become values by reference, binary and decimal scale', () => {
    const bytes = simpleMessage([0, 1, 255], { reference: -2.5, binaryScale: -1, decimalScale: -2 });
    assert.deepEqual(decode(bytes, 3), [-250, -200, 12500]);
    const small = simpleMessage([3], { decimalScale: 1 });
    assert.deepEqual(decode(small, 1), [Math.fround(0.3)]);
  });

  it('of no bits are not taken for billions of points', () => {
    const points = 2 ** 32 - 1;
    const description = representation({ count: points, bits: 0 });
    const bytes = message(grid(points), description, bitmapIndicator(255), section(7, []));
    failsWith('TOO_LARGE', () => decode(bytes, points), /at most 536870912 points, found 4294967295/);
  });

  it('of no bits are the reference value, unscaled', () => {
    const bytes = message(
      grid(3),
      representation({ count: 3, reference: 7, decimalScale: 2, bits: 0 }),
      bitmapIndicator(255),
      section(7, []),
    );
    assert.deepEqual(decode(bytes, 3), [7, 7, 7]);
  });
});

describe('grib: bitmaps and fields of one message', () => {
  const field = (integers: number[], section6: number[]) => [
    representation({ count: integers.length }),
    section6,
    section(7, integers),
  ];
  const none = bitmapIndicator(255);
  const bytes = message(
    grid(5),
    ...field([1, 2, 3], bitmap('10110')),
    ...field([4, 5, 6, 7, 8], none),
    ...field([9, 10, 11], bitmapIndicator(254)),
  );

  it('are told apart', () => {
    assert.deepEqual(decode(bytes, 5), [1, missing, 2, 3, missing]);
    assert.deepEqual(decode(bytes, 5, { field: 0 }), [1, missing, 2, 3, missing]);
    assert.deepEqual(decode(bytes, 5, { field: 1 }), [4, 5, 6, 7, 8]);
    assert.deepEqual(decode(bytes, 5, { field: 2 }), [9, missing, 10, 11, missing]);
    failsWith('FORMAT_CORRUPT', () => decode(bytes, 5, { field: 3 }), /field 3, found one with 3/);
  });

  it('may end with the section 7 of the field', () => {
    assert.deepEqual(decode(bytes.subarray(0, bytes.length - 4), 5, { field: 2 })[4], missing);
    failsWith(
      'FORMAT_CORRUPT',
      () => decode(bytes.subarray(0, bytes.length - 5), 5, { field: 2 }),
      /a section of/,
    );
  });

  it('may have no value at all', () => {
    const empty = message(grid(3), ...field([], bitmap('000')));
    assert.deepEqual(decode(empty, 3), [missing, missing, missing]);
  });

  it('are refused when they say less than the grid needs', () => {
    failsWith('FORMAT_CORRUPT', () => decode(bytes, 50), /a bitmap \(50 bits\)/);
    failsWith('FORMAT_CORRUPT', () => decode(simpleMessage([1, 2]), 3), /3 values in section 7, found 2/);
    const short = message(grid(2), representation({ count: 2 }), none, section(7, [1]));
    failsWith('FORMAT_CORRUPT', () => decode(short, 2), /packed values \(16 bits\)/);
    const before = message(grid(1), ...field([1], bitmapIndicator(254)));
    failsWith('FORMAT_CORRUPT', () => decode(before, 1), /a bitmap before the field/);
    const predefined = message(grid(1), ...field([1], bitmapIndicator(3)));
    failsWith('FORMAT_UNSUPPORTED', () => decode(predefined, 1), /predefined bitmap 3/);
  });
});

describe('grib: the order of points', () => {
  // Three points along i, two along j; as they lie in the file.
  const bytes = simpleMessage([0, 1, 2, 3, 4, 5]);
  const order = (scan: number) => decode(bytes, 6, { scan, ni: 3, nj: 2 });

  it('is that of rows, without turning directions', () => {
    for (const directions of [0, 0x40, 0x80, 0xc0]) {
      assert.deepEqual(order(directions), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(order(directions | 0x20), [0, 2, 4, 1, 3, 5]);
      assert.deepEqual(order(directions | 0x10), [0, 1, 2, 5, 4, 3]);
      assert.deepEqual(order(directions | 0x30), [0, 3, 4, 1, 2, 5]);
    }
  });

  it('is that of the file where nothing is said of it', () => {
    assert.deepEqual(decode(bytes, 6), [0, 1, 2, 3, 4, 5]);
  });

  it('must be of as many points', () => {
    failsWith('FORMAT_CORRUPT', () => decode(bytes, 6, { scan: 0, ni: 3, nj: 3 }), /a grid of 6 points/);
  });
});

describe('grib: run lengths', () => {
  it('are made up of digits above the highest level', () => {
    // 4 bits, 2 levels: digits are 3 to 15, of base 13. A run of 1 + 1 + 2 · 13, then one missing, then one.
    const numbers = [1, 4, 5, 0, 2, 0];
    const packed = [0, 2, 4].map((i) => numbers[i] * 16 + numbers[i + 1]);
    const levels = [0, 10, 0, 30];
    const description = section(5, [0, 0, 0, 30, 0, 200, 4, 0, 2, 0, 2, 1, ...levels]);
    const values = decode(message(grid(30), description, bitmapIndicator(255), section(7, packed)), 30);
    assert.deepEqual(values, [...Array(28).fill(1), missing, 3]);
  });
});

describe('grib: what is refused', () => {
  const bytes = simpleMessage([1]);

  it('says which template', () => {
    failsWith(
      'FORMAT_UNSUPPORTED',
      () => decode(simpleMessage([1], { template: 50002 }), 1),
      /template 5\.50002/,
    );
    const matrix = simpleMessage([1], { template: 1 });
    failsWith('FORMAT_UNSUPPORTED', () => decode(matrix, 1), /template 5\.1 is not supported/);
    failsWith('FORMAT_UNSUPPORTED', () => decode(simpleMessage([1], { bits: 40 }), 1), /integers of 40 bits/);
  });

  it('says what is wrong with the configuration', () => {
    failsWith(
      'FORMAT_CORRUPT',
      () => decode(bytes, 1, { edition: 1 }),
      /edition 1 of 1 and 2, found edition 2/,
    );
    failsWith('FORMAT_UNSUPPORTED', () => decode(bytes, 1, { field: -1 }), /"field"/);
    failsWith('FORMAT_UNSUPPORTED', () => decode(bytes, 1, { scan: 300 }), /"scan"/);
    failsWith('FORMAT_UNSUPPORTED', () => decode(bytes, 1, { scan: 0, ni: 1 }), /"nj"/);
    failsWith('FORMAT_UNSUPPORTED', () => decode(bytes, 1, { dtype: 'int8' }), /"dtype"/);
  });

  it('is whatever does not begin as a message', () => {
    failsWith('FORMAT_CORRUPT', () => decode(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), 1), /"GRIB"/);
    failsWith('FORMAT_CORRUPT', () => decode(new Uint8Array(2), 1), /a number \(32 bits\)/);
  });

  it('is writing', () => {
    failsWith(
      'FORMAT_UNSUPPORTED',
      () => encodeChunk(new Float32Array(1), gribLayout({ edition: 2 })),
      /only read/,
    );
  });
});
