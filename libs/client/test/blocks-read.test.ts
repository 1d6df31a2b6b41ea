import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BlocksRead } from '../src/blocks-read.ts';

describe('blocks that were read', () => {
  const afterReading = (...blocks: number[]) => {
    const read = new BlocksRead();
    for (const block of blocks) read.add(block);
    return read;
  };

  it('leave runs that were not', () => {
    assert.deepEqual(afterReading().missing(3, 8), [{ first: 0, count: 3 }]);
    assert.deepEqual(afterReading(0, 2, 4, 5).missing(7, 8), [
      { first: 1, count: 1 },
      { first: 3, count: 1 },
      { first: 6, count: 1 },
    ]);
    assert.deepEqual(afterReading(1, 0, 2).missing(3, 8), []);
  });

  it('are read again where they lie between too many runs, the fewest of them', () => {
    const read = afterReading(1, 3, 4, 6);
    assert.deepEqual(read.missing(8, 2), [
      { first: 0, count: 3 },
      { first: 5, count: 3 },
    ]);
    assert.deepEqual(read.missing(8, 1), [{ first: 0, count: 8 }]);
  });

  it('leave every block that was not read, in no more runs than may be', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(29)), fc.integer({ min: 1, max: 12 }), (blocks, most) => {
        const runs = afterReading(...blocks).missing(30, most);
        const missing = runs.flatMap(({ first, count }) =>
          Array.from({ length: count }, (_, at) => first + at),
        );
        assert.ok(runs.length <= most);
        assert.deepEqual(
          missing,
          [...new Set(missing)].sort((a, b) => a - b),
        );
        for (let block = 0; block < 30; block++)
          assert.ok(missing.includes(block) || blocks.includes(block), `block ${block}`);
        // So many runs there are at most: then none is read twice.
        if (most > blocks.length) assert.equal(missing.length, 30 - blocks.length);
      }),
    );
  });
});
