import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { isHyperslabError } from '@hyperslab/errors';
import { joinParts, splitParts } from '@hyperslab/expression';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { packBlock, readPackedPart, unpackBlock } from '../../src/blocks/packed-block.ts';

const allocate = (length: number) => new Uint8Array(length);
const repeated = new Uint8Array(4000).fill(7);
/** What zstd makes no shorter. */
const noise = Uint8Array.from({ length: 4000 }, (_, i) => crc32(Buffer.from(`${i}`)) & 255);
const partBlock = joinParts(
  [repeated, noise, new Uint8Array(8)].map((bytes) => ({ bytes, crc32: crc32(bytes) })),
);

async function packed(block: Uint8Array): Promise<Uint8Array> {
  return Buffer.concat((await packBlock(block)).pieces);
}

function reader(bytes: Uint8Array): (start: number, length: number) => Promise<Uint8Array> {
  return async (start, length) => bytes.subarray(start, start + length);
}

describe('blocks on disk', () => {
  it('come back as they were, compressed where that pays', async () => {
    for (const block of [repeated, noise, partBlock, new Uint8Array(0)]) {
      const bytes = await packed(block);
      assert.deepEqual(await unpackBlock(bytes, allocate), block);
      assert.ok(bytes.length < block.length + 100);
    }
    assert.ok((await packed(repeated)).length < 200);
    assert.ok((await packed(partBlock)).length < 4400);
  });

  it('are read part by part', async () => {
    const bytes = await packed(partBlock);
    for (const [part, expected] of splitParts(partBlock).entries()) {
      const found = await readPackedPart(reader(bytes), part);
      assert.deepEqual(Uint8Array.from(found.bytes), expected.bytes);
      assert.equal(found.crc32, expected.crc32);
    }
    await assert.rejects(readPackedPart(reader(bytes), 3), /has 3 parts, and not number 3/);
    await assert.rejects(readPackedPart(reader(await packed(noise)), 0), /has no parts/);
  });

  it('end in an error when they are cut off, and in one or in parts that their sums refuse when they are damaged', async function () {
    this.timeout(20_000);
    const bytes = await packed(partBlock);
    const read = async (from: Uint8Array): Promise<'refused' | 'read'> => {
      try {
        for (const part of [0, 1, 2]) {
          const found = await readPackedPart(reader(from), part);
          assert.ok(found.bytes.length < 2 ** 20);
        }
        await unpackBlock(from, allocate);
        return 'read';
      } catch (error) {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        return 'refused';
      }
    };
    for (let length = 0; length < bytes.length; length += 7)
      assert.equal(await read(bytes.subarray(0, length)), 'refused');
    await withinLimits(async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
          await read(Uint8Array.from(bytes).with(at, value));
        }),
        { numRuns: 500 },
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (random) => {
          assert.equal(await read(random), 'refused');
        }),
      );
    });
  });
});
