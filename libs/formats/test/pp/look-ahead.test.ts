import assert from 'node:assert/strict';
import { type ByteRange, memorySource } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { ppBytes } from './pp-bytes.ts';

/** Indexes a file of fields of these lengths in bytes; tells the reads and the bytes that it took. */
async function indexing(lengths: readonly number[]) {
  const fields = lengths.map((length, i) => ({
    header: { lbrow: 1, lbnpt: length / 4, lbhr: i % 24 },
    data: new Uint8Array(length),
  }));
  const memory = memorySource('x.pp', ppBytes(fields));
  const reads: number[] = [];
  const source = {
    ...memory,
    read: (ranges: readonly ByteRange[], options?: Parameters<typeof memory.read>[1]) => {
      reads.push(ranges.length);
      return memory.read(ranges, options);
    },
  };
  const index = await indexFile(source);
  const sets = index.root!.groups.flatMap(({ groups }) => groups.flatMap(({ fields: found }) => found!.sets));
  assert.equal(
    sets.reduce((sum, { offsets }) => sum + offsets.length, 0),
    lengths.length,
  );
  return { reads, bytesRead: index.bytesRead, size: index.version!.size };
}

describe('pp: reading ahead', () => {
  it('asks for the headers of large fields of one length all at once, and for nothing else', async () => {
    const { reads, bytesRead } = await indexing(Array<number>(100).fill(200_000));
    // After the beginning of the file, 1, 2, 4, … headers at a time.
    assert.deepEqual(reads, [1, 2, 4, 8, 16, 32, 38]);
    assert.ok(bytesRead < 65_536 + 100 * 300, `${bytesRead} bytes`);
  });

  it('reads small fields in windows', async () => {
    const { reads, bytesRead, size } = await indexing(Array<number>(500).fill(8000));
    assert.ok(size > 4_000_000 && bytesRead <= size + 65_536);
    assert.deepEqual(reads, Array<number>(5).fill(1));
  });

  it('reads fields of many lengths in windows, unless they are large', async () => {
    const uneven = Array.from({ length: 60 }, (_, i) => 40_000 + 400 * (i % 7) * (i % 11));
    const { reads } = await indexing(uneven);
    assert.ok(reads.length < 15, `${reads}`);
    const large = Array.from({ length: 20 }, (_, i) => 400_000 + 4000 * (i % 7));
    const { bytesRead } = await indexing(large);
    assert.ok(bytesRead < 65_536 + 20 * 1000, `${bytesRead} bytes`);
  });
});
