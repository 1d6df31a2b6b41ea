import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skip, withTemporaryDirectory } from '@hyperslab/testing';
import { pageCacheReader } from '../../src/tasks/read-page-cache.ts';

describe('reading what the page cache has', () => {
  it('gives the bytes of a place, in memory of any kind, and no more than there are', async function () {
    const read = pageCacheReader();
    if (read === undefined) return skip(this, 'no preadv2 by node:ffi');
    await withTemporaryDirectory(async (folder) => {
      const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251);
      const path = join(folder, 'a');
      await writeFile(path, content);
      const fd = openSync(path, 'r');
      try {
        for (const buffer of [new ArrayBuffer(60_000), new SharedArrayBuffer(60_000)]) {
          const into = new Uint8Array(buffer, 10_000, 50_000);
          // Some file systems don't tell what is in memory: then nothing is read.
          const whole = read(fd, into, 123);
          if (whole === 0) return skip(this, 'a file system that does not tell what is in memory');
          assert.equal(whole, 50_000);
          assert.deepEqual(Buffer.from(into), Buffer.from(content.subarray(123, 50_123)));
          assert.ok(new Uint8Array(buffer, 0, 10_000).every((byte) => byte === 0));
          assert.equal(read(fd, into, 99_000), 1_000);
          assert.equal(read(fd, into, 200_000), 0);
        }
        assert.equal(read(fd, new Uint8Array(10), 0), 0);
      } finally {
        closeSync(fd);
      }
      assert.equal(read(fd, new Uint8Array(2_000), 0), 0);
    });
  });
});
