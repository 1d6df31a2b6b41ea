import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import type { WordFormat } from '../../src/pp/word-format.ts';
import { bigEndian, ppBytes } from './pp-bytes.ts';
import { fieldValues, indexBytes } from './reference.ts';

/** Files with everything that a reader follows: extra data, packings, a mask, cross-sections. */
function sample(format: WordFormat): Uint8Array {
  const little = format.order === 'little';
  const runs = Buffer.alloc(3 * format.wordBytes);
  for (const [i, value] of [2.5, -32768, 5].entries()) {
    if (format.wordBytes === 8) runs[little ? 'writeDoubleLE' : 'writeDoubleBE'](value, 8 * i);
    else runs[little ? 'writeFloatLE' : 'writeFloatBE'](value, 4 * i);
  }
  return ppBytes(
    [
      { header: { lbuser1: 3, lbuser4: 30 }, values: [0, 1, 1, 0, 1, 0] },
      { header: { lbpack: 120, lbrow: 0, lbnpt: 0 }, values: [5, 6, 7] },
      { header: { lbpack: 4, bmdi: -32768 }, data: runs },
      {
        header: { bdx: 0, bdy: 0, lbvc: 65 },
        extra: [
          [1, [1, 2, 3]],
          [2, [5, 6]],
          [12, [0, 1, 2]],
          [13, [2, 3, 4]],
        ],
      },
      { header: { lbcode: 12301, bdx: 0, lbtim: 22 }, extra: [[1, [1, 2, 3]]] },
      { header: { lbpack: 1, lbproc: 128, lbtim: 132 }, data: new Uint8Array(12 + 2 * 8) },
    ],
    format,
  );
}

const samples = [
  sample(bigEndian),
  sample({ order: 'little', wordBytes: 8, markerBytes: 8 }),
  sample({ order: 'big', wordBytes: 8, markerBytes: 4 }),
];

const reasons = ['FORMAT_CORRUPT', 'FORMAT_UNSUPPORTED', 'FORMAT_UNKNOWN', 'TOO_LARGE'];

/** Reads a file with all values that it can tell. */
async function readWhole(bytes: Uint8Array): Promise<void> {
  const { source, sets } = await indexBytes(bytes);
  for (const { set, variable } of sets) {
    if (variable.notComputable !== '') continue;
    for (const row of set.offsets.keys()) await fieldValues(source, set, row).catch(expectTyped);
  }
}

function expectTyped(error: unknown): void {
  assert.ok(error instanceof HyperslabError, String(error));
  assert.ok(reasons.includes(error.reason), error.message);
}

const hostile = fc.constantFrom(0, 1, -1, 255, 65_535, 2 ** 31 - 1, -(2 ** 31), 1_000_001, 999_999_012);

describe('pp: any damage', function () {
  this.timeout(60_000);

  it('ends in an index or a typed error: bits, cuts, and other bytes at the end', async () => {
    const damage = fc.record({ at: fc.nat(), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(damage, { maxLength: 4 }),
        fc.oneof(fc.constant(0), fc.nat(600)),
        fc.uint8Array({ maxLength: 3 }),
        async (whole, damages, cut, more) => {
          const bytes = Buffer.concat([whole.subarray(0, whole.length - cut), more]);
          for (const { at, bit } of damages) bytes[at % bytes.length] ^= 1 << bit;
          await withinLimits(() => readWhole(bytes)).catch(expectTyped);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends in an index or a typed error: hostile numbers in any word', async () => {
    const word = fc.record({ at: fc.nat(), value: hostile });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples.entries()),
        fc.array(word, { minLength: 1, maxLength: 6 }),
        async ([which, whole], changes) => {
          const bytes = Buffer.from(whole);
          const width = which === 0 ? 4 : 8;
          for (const { at, value } of changes) {
            const place = width * (at % Math.floor(bytes.length / width));
            if (width === 4) bytes.writeInt32BE(value, place);
            else if (which === 1) bytes.writeBigInt64LE(BigInt(value), place);
            else bytes.writeBigInt64BE(BigInt(value), place);
          }
          await withinLimits(() => readWhole(bytes)).catch(expectTyped);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not make many coordinates of few bytes', async () => {
    // A field in run lengths may have millions of points in a row; a file of thousands of such grids is none.
    const fields = Array.from({ length: 20 }, (_, i) => ({
      header: { lbpack: 4, lbrow: 1, lbnpt: 1_000_000, bzx: i },
      data: new Uint8Array(8),
    }));
    await assert.rejects(indexBytes(ppBytes(fields)), (error) => {
      expectTyped(error);
      assert.equal((error as HyperslabError).reason, 'TOO_LARGE');
      return true;
    });
  });

  it('does not make many parameters of few bytes', async () => {
    const one = Buffer.from(ppBytes([{}]));
    const stashWord = 4 + 4 * 41;
    const all = Array.from({ length: 20_000 }, (_, i) => {
      one.writeInt32BE(i + 1, stashWord);
      return Buffer.from(one);
    });
    await assert.rejects(indexBytes(Buffer.concat(all)), /expected at most 16384 kinds of fields in a file/);
    const { sets } = await indexBytes(Buffer.concat(all.slice(0, 100)));
    assert.equal(sets.length, 100);
  });
});
