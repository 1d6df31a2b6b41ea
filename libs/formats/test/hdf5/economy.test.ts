import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange, ByteSource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';

/** A file with zeros after it, up to a size that its superblock is made to state. */
async function enlarged(
  name: string,
  size: number,
): Promise<{ source: ByteSource; requests: ByteRange[][] }> {
  const bytes = new Uint8Array(await readFile(join(repository, 'fixtures/hdf5', name)));
  const endOfFileField = 40;
  assert.equal(bytes[8], 0, 'a superblock of version 0, which has no checksum');
  new DataView(bytes.buffer).setBigUint64(endOfFileField, BigInt(size), true);
  const requests: ByteRange[][] = [];
  const source: ByteSource = {
    url: `mem:${name}`,
    stat: async () => ({ size, etag: '', modifiedUs: 0 }),
    read: async (ranges) => {
      requests.push([...ranges]);
      return ranges.map(({ offset, length }) => {
        const part = new Uint8Array(length);
        part.set(bytes.subarray(offset, offset + length));
        return part;
      });
    },
  };
  return { source, requests };
}

describe('hdf5: what an index costs', () => {
  it('a large file with its metadata at the front takes one or two requests and under 1 % of its bytes', async () => {
    for (const name of ['random_0.earliest.h5', 'random_1.earliest.h5', 'types.earliest.h5']) {
      const size = 50 * 1024 * 1024;
      const { source, requests } = await enlarged(name, size);
      const index = await indexFile(source);
      assert.ok(index.root!.variables.length > 0);
      assert.ok(requests.length <= 2, `${requests.length} requests`);
      assert.ok(index.bytesRead < 0.01 * size, `${index.bytesRead} bytes`);
    }
  });

  it('a group of hundreds of datasets takes a request a level, not a dataset', async () => {
    const { source, requests } = await enlarged('many_links.earliest.h5', 200_000);
    await indexFile(source);
    assert.ok(requests.length <= 4, `${requests.length} requests`);
  });
});
