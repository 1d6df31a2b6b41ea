import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatByteSize, parseByteSize } from '../src/index.ts';

describe('byte sizes', () => {
  it('are numbers with a unit', () => {
    const sizes: [string, number][] = [
      ['0', 0],
      ['4096', 4096],
      ['1 kB', 1000],
      ['1KiB', 1024],
      ['1.5 MiB', 1572864],
      ['4GiB', 4294967296],
      ['2gb', 2e9],
      ['1TiB', 2 ** 40],
    ];
    for (const [text, bytes] of sizes) assert.equal(parseByteSize(text), bytes, text);
  });

  it('are refused where they mean nothing or two things', () => {
    for (const text of ['', 'x', '-1', '1G', '4 Gi', '1e3', '99999999TiB', '1..5MB', 'NaN', 'Infinity'])
      assert.throws(() => parseByteSize(text), { reason: 'INVALID_ARGUMENT' }, text);
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          assert.ok(Number.isSafeInteger(parseByteSize(text)));
        } catch (error) {
          assert.equal((error as { reason: string }).reason, 'INVALID_ARGUMENT');
        }
      }),
    );
  });

  it('are written for people', () => {
    assert.deepEqual([0, 1023, 1536, 3 * 2 ** 30, 2 ** 52].map(formatByteSize), [
      '0 B',
      '1023 B',
      '1.5 KiB',
      '3 GiB',
      '4096 TiB',
    ]);
  });
});
