import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { openObjectStore } from '@hyperslab/storage';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { expiredPacks, KeptIndexes } from '../../src/jobs/kept-indexes.ts';

const log = createLogger('scheduler', { level: 'silent' });
const day = 86_400_000;
const pack = (url: string, ageMs: number, size: number) => ({
  url,
  size,
  etag: '',
  modifiedUs: -ageMs * 1000,
});

describe('kept indexes', () => {
  it('go when they are too old, and the oldest when they are too much', () => {
    const packs = [pack('a', 3 * day, 10), pack('b', day, 60), pack('c', 0, 30), pack('d', 2 * day, 20)];
    const expired = (ageMs: number, bytes: number) =>
      expiredPacks(packs, { ageMs, bytes }, 0)
        .map(({ url }) => url)
        .sort();
    assert.deepEqual(expired(10 * day, 120), []);
    assert.deepEqual(expired(2 * day, 120), ['a']);
    assert.deepEqual(expired(10 * day, 119), ['a']);
    assert.deepEqual(expired(10 * day, 89), ['a', 'b', 'd']);
    assert.deepEqual(expired(10 * day, 0), ['a', 'b', 'c', 'd']);
  });

  it('are deleted from the object store, and nothing else', () =>
    withTemporaryDirectory(async (folder) => {
      const objects = openObjectStore(folder);
      for (const key of ['indexes/a/b/old', 'indexes/a/b/new', 'indexes/c/d/old', 'manifests/old'])
        await objects.put(key, Buffer.from('x'));
      const old = new Date(Date.now() - 3 * day);
      for (const key of ['indexes/a/b/old', 'indexes/c/d/old', 'manifests/old'])
        await utimes(join(folder, key), old, old);
      const kept = new KeptIndexes(objects, { ageMs: day, bytes: 1000 }, log);
      assert.equal(await kept.collect(), 2);
      assert.deepEqual(await readdir(join(folder, 'indexes/a/b')), ['new']);
      assert.deepEqual(await readdir(join(folder, 'manifests')), ['old']);
      assert.equal(await kept.collect(), 0);
      await kept.close();
    }));
});
