import assert from 'node:assert/strict';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { ByteRange, ByteSource } from '@hyperslab/storage';
import fc from 'fast-check';
import { BlockReader } from '../../src/hdf5/block-reader.ts';

const bytes = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
const version = { size: bytes.length, etag: '', modifiedUs: 0 };

/** A source that records what is asked of it. */
function recorded(): { source: ByteSource; requests: ByteRange[][] } {
  const requests: ByteRange[][] = [];
  const source: ByteSource = {
    url: 'mem:recorded',
    stat: async () => version,
    read: async (ranges) => {
      requests.push([...ranges]);
      return ranges.map(({ offset, length }) => bytes.slice(offset, offset + length));
    },
  };
  return { source, requests };
}

describe('block reader', () => {
  it('gives exactly the bytes asked, within and across blocks', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length), fc.nat(40_000)), { maxLength: 12 }),
        async (wanted) => {
          const blocks = new BlockReader(recorded().source, version, bytes.slice(0, 65536));
          await Promise.all(
            wanted.map(async ([offset, most]) => {
              const length = Math.min(most, bytes.length - offset);
              const found = await blocks.read(offset, length, 'bytes');
              assert.ok(Buffer.compare(found, bytes.subarray(offset, offset + length)) === 0);
            }),
          );
        },
      ),
      { numRuns: 100 },
    ));

  it('fetches what is wanted at the same time in one request, and nothing twice', async () => {
    const { source, requests } = recorded();
    const blocks = new BlockReader(source, version, bytes.slice(0, 65536));
    await Promise.all(
      [100_000, 500_000, 900_000, 100_100].map((offset) => blocks.read(offset, 100, 'bytes')),
    );
    await blocks.read(500_050, 20, 'bytes');
    await blocks.read(10, 1000, 'bytes');
    assert.equal(requests.length, 1);
    assert.equal(requests[0].length, 3);
    assert.ok(blocks.bytesRead <= 65536 + 3 * 8192);
  });

  it('reads ahead of what follows the head', async () => {
    const { source, requests } = recorded();
    const blocks = new BlockReader(source, version, bytes.slice(0, 65536));
    for (let offset = 65536; offset < 3 * 65536; offset += 1000) await blocks.read(offset, 500, 'bytes');
    assert.ok(requests.length <= 3, `${requests.length} requests`);
  });

  it('refuses bytes past the end, naming url, offset and what was to be there', async () => {
    const blocks = new BlockReader(recorded().source, version, bytes.slice(0, 65536));
    await assert.rejects(
      async () => blocks.read(bytes.length - 4, 8, 'a B-tree node'),
      (error) => {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'));
        assert.match(error.message, /mem:recorded at byte 999999: expected a B-tree node \(8 bytes\)/);
        return true;
      },
    );
  });

  it('passes on what the source throws, to all that wait and all that come later', async () => {
    const changed = new HyperslabError('OBJECT_CHANGED', 'changed');
    const source: ByteSource = { ...recorded().source, read: async () => Promise.reject(changed) };
    const blocks = new BlockReader(source, version, bytes.slice(0, 65536));
    const reads = [200_000, 300_000].map(async (offset) => blocks.read(offset, 4, 'bytes'));
    for (const read of reads) await assert.rejects(read, changed);
    await assert.rejects(async () => blocks.read(400_000, 4, 'bytes'), changed);
  });
});
