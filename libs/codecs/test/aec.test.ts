import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { describeBothWays, hasPython, runPython } from '@hyperslab/testing';
import fc from 'fast-check';
import { type AecParameters, aecParameters } from '../src/aec/aec-parameters.ts';
import { decodeAec } from '../src/aec/decode-aec.ts';
import * as codecs from '../src/index.ts';

interface Coded {
  flags: number;
  sizes: { bitsPerSample: number; blockSize: number; rsi: number };
  encoded: string;
  values: number[];
}

const plain: AecParameters = aecParameters(8, { bitsPerSample: 8, blockSize: 8, rsi: 2 });

/** Bytes of a text of bits; blanks don't count. */
function bytesOf(text: string): Uint8Array {
  const bits = text.replaceAll(' ', '');
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  );
}

describeBothWays('aec', codecs, ['libaec'], (way) => {
  it('decodes each kind of block', () => {
    // Split after one low bit, with a reference sample of 100: differences 0, -1, 1, -2, 2, -3, 3.
    const split = `010 01100100  1 1 01 01 001 001 0001  0 1 0 1 0 1 0`;
    assert.deepEqual([...decodeAec(bytesOf(split), plain, 8)], [100, 100, 99, 100, 98, 100, 97, 100]);
    // Not coded: mapped differences as they are.
    const uncoded = `111 00000010 ${'00000010'.repeat(7)}`;
    assert.deepEqual([...decodeAec(bytesOf(uncoded), plain, 8)], [2, 3, 4, 5, 6, 7, 8, 9]);
    // Second extension: the reference sample takes the first place of a pair; then (1, 0), (0, 1), (0, 0).
    const pairs = `000 1 00000111  001  01 001 1`;
    assert.deepEqual([...decodeAec(bytesOf(pairs), plain, 8)], [7, 6, 5, 5, 5, 4, 4, 4]);
    // Two blocks of zeros.
    assert.deepEqual([...decodeAec(bytesOf('000 0 00001001 01'), plain, 16)], Array(16).fill(9));
    // Zeros to the end of the segment.
    assert.deepEqual([...decodeAec(bytesOf('000 0 00001001 00001'), plain, 16)], Array(16).fill(9));
  });

  it('maps differences that only one sign can have', () => {
    // From 1 there are 0, 1, 2 in turns, then 3, 4, …
    const uncoded = (...codes: number[]) =>
      bytesOf(`111${codes.map((code) => code.toString(2).padStart(8, '0')).join('')}`);
    assert.deepEqual(
      [...decodeAec(uncoded(1, 1, 2, 2, 4, 0, 255, 254), plain, 8)],
      [1, 0, 2, 3, 5, 5, 255, 1],
    );
  });

  it('refuses codes that there are none of', () => {
    const corrupt = (text: string, count: number, expected: RegExp) =>
      assert.throws(
        () => decodeAec(bytesOf(text), plain, count),
        (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && expected.test(error.message),
      );
    corrupt('000 0 00001001 00000001', 16, /at most 2 zero blocks/);
    corrupt(`000 1 00000001 ${'0'.repeat(91)}1`, 8, /a pair below 91/);
    // libaec does not look whether samples have more bits than they may.
    if (way === 'portable') corrupt(`110 00000001 ${'0'.repeat(20)}1`, 8, /samples of 8 bits/);
    if (way === 'portable') {
      const wide = { ...plain, bitsPerSample: 24 };
      assert.throws(
        () => decodeAec(bytesOf(`11100 ${'0'.repeat(24)} ${'1'.repeat(7)} ${'1'.repeat(7 * 27)}`), wide, 8),
        (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && /samples of 24 bits/.test(error.message),
      );
    }
    corrupt('111 0000', 8, /the end of the stream/);
    corrupt('111', 1_000_000, /can hold 1000000 samples/);
    assert.throws(
      () => decodeAec(bytesOf('0'), { ...plain, rsi: 5000 }, 1),
      (error) => isHyperslabError(error, 'FORMAT_UNSUPPORTED'),
    );
  });

  it('answers any bytes with samples or a typed error', () => {
    const parameters = fc.record({
      bitsPerSample: fc.integer({ min: 1, max: 32 }),
      blockSize: fc.constantFrom(8, 16, 32, 64),
      rsi: fc.integer({ min: 1, max: 200 }),
      signed: fc.boolean(),
      preprocess: fc.boolean(),
      restricted: fc.boolean(),
      padRsi: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), parameters, fc.nat(3000), (bytes, coding, count) => {
        try {
          assert.equal(decodeAec(bytes, coding, count).length, count);
        } catch (error) {
          assert.ok(error instanceof HyperslabError && error.reason === 'FORMAT_CORRUPT', String(error));
        }
      }),
    );
  });

  it('decodes what libaec encodes (needs Python and imagecodecs)', function () {
    this.timeout(60_000);
    if (!hasPython('imagecodecs')) this.skip();
    const seed = Date.now() % 2 ** 31;
    runPython<Coded>(join(import.meta.dirname, 'foreign/encode-aec.py'), seed, 200).forEach(
      ({ flags, sizes, encoded, values }, i) => {
        const samples = decodeAec(Buffer.from(encoded, 'base64'), aecParameters(flags, sizes), values.length);
        assert.deepEqual(
          [...samples],
          values,
          `seed ${seed}, case ${i}: flags ${flags}, ${JSON.stringify(sizes)}`,
        );
      },
    );
  });
});
