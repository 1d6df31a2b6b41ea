import assert from 'node:assert/strict';
import { MadeBlocks, type PackedBlocks, splitBlocks } from '../../src/threads/made-blocks.ts';

describe('blocks that a thread made', () => {
  it('are sent together, the last of them by the caller, with the end', () => {
    const sent: PackedBlocks[] = [];
    const made = new MadeBlocks((blocks) => sent.push(blocks));
    assert.equal(made.take(), undefined);
    for (const value of [1, 2]) made.add(new Uint8Array(2 ** 17 - 8).fill(value));
    made.add(new Uint8Array(16).fill(3));
    made.add(new Uint8Array(4).fill(4));
    const last = made.take()!;
    assert.equal(made.take(), undefined);
    made.flush();
    const all = [...sent, last].flatMap(({ bytes, sizes }) => splitBlocks(bytes, sizes));
    assert.deepEqual(
      all.map((block) => [block.length, block[0]]),
      [
        [2 ** 17 - 8, 1],
        [2 ** 17 - 8, 2],
        [16, 3],
        [4, 4],
      ],
    );
  });
});
