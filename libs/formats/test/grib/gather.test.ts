import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { type FileIndex, GatheredHeaders } from '@hyperslab/proto/index';
import { type ByteSource, memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { gatherFile, indexFile } from '../../src/index.ts';
import { grid2, message2, product2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];

/** A message of edition 2 whose data goes on with these bytes. */
function messageOf(level: number, parameter: number, padding: Uint8Array): Buffer {
  const short = Buffer.from(
    message2([{ before: [grid2], product: product2(0, parameter, 100, level), data }]),
  );
  const [head, end] = [short.subarray(0, -4), short.subarray(-4)];
  head.writeBigUInt64BE(BigInt(short.length + padding.length), 8);
  head.writeUInt32BE(11 + padding.length, head.length - 11);
  return Buffer.concat([head, padding, end]);
}

const decoy = Buffer.from(message2([{ before: [grid2], product: product2(0, 0, 1, 0), data }]));
const small = fc.uint8Array({ maxLength: 40 });
const padding = fc.oneof(
  small,
  // The word alone, a whole message, the beginning of one that claims more than there is.
  small.map((bytes) => Buffer.concat([bytes, Buffer.from('GRIB'), bytes])),
  small.map((bytes) => Buffer.concat([bytes, decoy, bytes])),
  small.map((bytes) => Buffer.concat([bytes, decoy.subarray(0, 60), bytes])),
  fc.integer({ min: 100_000, max: 300_000 }).map((length) => new Uint8Array(length)),
);
const message = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(3), padding)
  .map(([level, parameter, bytes]) => messageOf(level * 100, parameter, bytes));
const between = fc.oneof(
  fc.constant(new Uint8Array()),
  small,
  small.map((b) => Buffer.concat([b, Buffer.from('GRIB')])),
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.tuple(message, between), { minLength: 1, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(fc.oneof(message, small), between), { minLength: 2, maxLength: 6 }),
  },
);

function outcome(index: Promise<FileIndex>): Promise<unknown> {
  return index.then(
    (made) => ({ ...made, bytesRead: 0 }),
    (error) => {
      if (!(error instanceof HyperslabError)) throw error;
      return { reason: error.reason, message: error.message };
    },
  );
}

/** Headers of parts that begin at these offsets, gathered in any order, and sent. */
async function gatherAll(source: ByteSource, limits: readonly number[], size: number) {
  const parts = [0, ...limits].map((from, i) => ({ from, to: limits[i] ?? size })).reverse();
  const gathered = await Promise.all(parts.map((part) => gatherFile(source, part)));
  return gathered.map((each) => GatheredHeaders.decode(GatheredHeaders.encode(each).finish()));
}

describe('grib: headers that are gathered part by part', () => {
  it('make the index that one pass makes, wherever parts begin', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat({ max: 1000 }), { maxLength: 8 }), async (pieces, cuts) => {
        const bytes = Buffer.concat([messageOf(5, 0, new Uint8Array()), ...pieces.flat()]);
        const source = memorySource('file:///run.grib2', bytes);
        const limits = cuts.map((cut) => Math.floor((cut * bytes.length) / 1000)).sort((a, b) => a - b);
        const gathered = await gatherAll(source, limits, bytes.length);
        assert.deepEqual(await outcome(indexFile(source, { gathered })), await outcome(indexFile(source)));
      }),
      { numRuns: 150 },
    );
  });

  it('leave hardly anything to read', async () => {
    const messages = Array.from({ length: 300 }, (_, i) =>
      messageOf(100 * (i + 1), i % 4, new Uint8Array(200_000)),
    );
    const bytes = Buffer.concat(messages);
    const source = memorySource('file:///run.grib2', bytes);
    const limits = [1, 2, 3, 4].map((i) => Math.floor((bytes.length * i) / 5) + 77);
    const gathered = await gatherAll(source, limits, bytes.length);
    const sent = gathered.reduce((sum, each) => sum + GatheredHeaders.encode(each).finish().length, 0);
    assert.ok(sent < 300 * 600, `${sent} bytes for 300 messages`);
    const before = gathered.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    const index = await indexFile(source, { gathered });
    // Its head, and none of the messages.
    assert.equal(index.bytesRead - before, 64 * 1024);
    assert.deepEqual({ ...index, bytesRead: 0 }, { ...(await indexFile(source)), bytesRead: 0 });
  });

  it('are of one state of a file, and no other', async () => {
    const source = memorySource('file:///run.grib2', messageOf(100, 0, new Uint8Array(9)));
    const [gathered] = await gatherAll(source, [], 1_000);
    const other = memorySource('file:///run.grib2', messageOf(200, 0, new Uint8Array(10)));
    const index = await indexFile(other, { gathered: [gathered] });
    assert.deepEqual({ ...index, bytesRead: 0 }, { ...(await indexFile(other)), bytesRead: 0 });
  });
});
