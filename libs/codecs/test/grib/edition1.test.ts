import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { decodeChunk } from '../../src/index.ts';
import { gribLayout } from './grib-layout.ts';
import { type Grib1Parts, message1 } from './make-message.ts';

/** 5 as an IBM number, after a binary scale of 0. */
const five = [0, 0, 0x41, 0x50, 0, 0];

const decode = (parts: Grib1Parts, points: number): number[] =>
  Array.from(decodeChunk(message1(parts), gribLayout({ edition: 1 }), points, 0) as Float32Array);

function failsWith(reason: Reason, parts: Grib1Parts, points: number, text: RegExp): void {
  assert.throws(
    () => decode(parts, points),
    (error) => isHyperslabError(error, reason) && text.test(error.message),
  );
}

describe('grib: edition 1', () => {
  it('has values by an IBM reference, a binary and a decimal scale', () => {
    assert.deepEqual(decode({ scaling: five, data: [8, 0, 1, 10] }, 3), [5, 6, 15]);
    const negative = [0x80, 1, 0xc1, 0x18, 0, 0];
    assert.deepEqual(decode({ scaling: negative, decimalScale: 1, data: [8, 0, 1] }, 2), [
      Math.fround(-0.15),
      Math.fround(-0.1),
    ]);
    const small = [0, 0, 0x3f, 0x40, 0, 0];
    assert.deepEqual(decode({ scaling: small, data: [8, 0] }, 1), [1 / 64]);
  });

  it('has a bitmap', () => {
    const bitmap = [4, 0, 0, 0b01010000];
    const values = decode({ bitmap, data: [8, 3, 4] }, 4);
    assert.deepEqual(values, [Number.NaN, 3, Number.NaN, 4]);
    failsWith('FORMAT_UNSUPPORTED', { bitmap: [0, 0, 9], data: [8] }, 4, /predefined bitmap 9/);
    failsWith('FORMAT_CORRUPT', { bitmap, data: [8, 3, 4] }, 5, /a bitmap and its unused bits/);
  });

  it('may be longer than its length can say', () => {
    const values = [8, ...Array(300).fill(1)];
    assert.deepEqual(
      decode({ statedLength: 20, statedTotal: 0x800003, data: values }, 300),
      Array(300).fill(1),
    );
  });

  it('may say that no value is there', () => {
    const missing = [0xff, 0xff, 0, 0, 0, 0];
    assert.deepEqual(decode({ scaling: missing, data: [0] }, 2), [Number.NaN, Number.NaN]);
  });

  it('has constant fields, where their scale makes no difference', () => {
    assert.deepEqual(decode({ scaling: five, data: [0] }, 2), [5, 5]);
    assert.deepEqual(decode({ decimalScale: 1, data: [0] }, 2), [0, 0]);
    const scaled = { scaling: five, decimalScale: 1, data: [0] };
    failsWith('FORMAT_UNSUPPORTED', scaled, 2, /a constant field with reference value 5 and decimal scale 1/);
  });

  it('must have as many values as points', () => {
    failsWith('FORMAT_CORRUPT', { data: [8, 1, 2] }, 3, /packed values \(24 bits\)/);
    failsWith('FORMAT_CORRUPT', { data: [8, 1, 2, 3, 4] }, 2, /2 values of 8 bits, found 16 bits more/);
    assert.deepEqual(decode({ data: [8, 1, 2, 3] }, 2), [1, 2], 'one octet may fill the section up');
  });

  it('refuses what it does not know', () => {
    failsWith('FORMAT_UNSUPPORTED', { flags: 0x10, data: [8, 1] }, 1, /a matrix of values/);
    const secondOrder = (flags: number) => ({ flags: 0x40, data: [4, 0, 0, flags, ...Array(20).fill(0)] });
    failsWith('FORMAT_UNSUPPORTED', secondOrder(0), 4, /by rows of one width/);
    failsWith('FORMAT_UNSUPPORTED', secondOrder(0x40), 4, /a matrix of values/);
    failsWith('FORMAT_UNSUPPORTED', secondOrder(0x28), 4, /extended second-order packing with flags 40/);
    failsWith(
      'FORMAT_UNSUPPORTED',
      { flags: 0x80, data: [8, ...Array(20).fill(0)] },
      4,
      /without a grid definition/,
    );
  });
});
