import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { isHyperslabError } from '@hyperslab/errors';
import { joinParts } from '@hyperslab/expression';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { packBlock, unpackBlock } from '../../src/blocks/packed-block.ts';

const allocate = (length: number) => new Uint8Array(length);
const repeated = new Uint8Array(4000).fill(7);
/** What zstd makes no shorter. */
const noise = Uint8Array.from({ length: 4000 }, (_, i) => crc32(Buffer.from(`${i}`)) & 255);
const partBlock = joinParts([repeated, noise].map((bytes) => ({ bytes, crc32: crc32(bytes) })));

async function packed(block: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat((await packBlock(block)).pieces));
}

describe('blocks on disk', () => {
  it('come back as they were, compressed where that pays', async () => {
    for (const block of [repeated, noise, partBlock, new Uint8Array(0)]) {
      const bytes = await packed(block);
      assert.deepEqual(await unpackBlock(bytes, block.length, allocate), block);
      assert.ok(bytes.length <= block.length + 16);
    }
    assert.ok((await packed(repeated)).length < 200);
  });

  it('are as they are when they have parts, which are read one by one', async () => {
    assert.deepEqual(await packed(partBlock), partBlock);
  });

  it('end in an error when they are cut off or damaged, or in bytes that their sum refuses', async function () {
    this.timeout(20_000);
    const read = async (from: Uint8Array, length: number): Promise<'refused' | 'read'> => {
      try {
        assert.equal((await unpackBlock(from, length, allocate)).length, length);
        return 'read';
      } catch (error) {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        return 'refused';
      }
    };
    await withinLimits(async () => {
      for (const block of [repeated, noise]) {
        const bytes = await packed(block);
        for (let length = 0; length < bytes.length; length += 7)
          assert.equal(await read(bytes.subarray(0, length), block.length), 'refused');
        await fc.assert(
          fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
            await read(bytes.with(at, value), block.length);
          }),
          { numRuns: 300 },
        );
      }
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (random) => {
          assert.equal(await read(random, 4000), 'refused');
        }),
      );
    });
  });
});
