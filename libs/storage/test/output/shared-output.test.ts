import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skip, startS3Server, withTemporaryDirectory } from '@hyperslab/testing';
import { assertForeignKey } from '../../src/object-key.ts';
import { openSharedOutput } from '../../src/output/shared-output.ts';
import { s3ObjectStore } from '../../src/s3/s3-object-store.ts';

const marks = ['root.json'];
const keys = Array.from({ length: 15 }, (_, at) => `t/c/${at}`);

describe('openSharedOutput: folder', () => {
  it('has all that was put, or does not appear, when another gives it up meanwhile', () =>
    withTemporaryDirectory(async (folder) => {
      for (let round = 0; round < 3; round++) {
        const path = join(folder, `${round}.zarr`);
        const id = `0123456789ab${round}`;
        const [one, other] = [openSharedOutput(path, id, { marks }), openSharedOutput(path, id, { marks })];
        await one.begin();
        // So much that removing it takes a while.
        const [staging] = (await readdir(folder)).filter((name) => name.startsWith(`.${round}.zarr`));
        await mkdir(join(folder, staging, 't/c'), { recursive: true });
        for (let at = 0; at < 200; at++) await writeFile(join(folder, staging, `t/c/old ${at}`), '');
        const givenUp = one.discard();
        const written = (async () => {
          await other.begin();
          for (const key of keys) await other.put(key, new Uint8Array(1));
          await other.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
        })().then(
          () => true,
          () => false,
        );
        await givenUp;
        if (!(await written)) continue;
        const there = await readdir(join(path, 't/c'));
        assert.deepEqual(
          keys.filter((key) => !there.includes(key.slice('t/c/'.length))),
          [],
        );
      }
    }));
});

describe('openSharedOutput: S3 (needs versitygw)', () => {
  async function takeUp(env: Record<string, string>): Promise<void> {
    const url = 's3://bucket/a.zarr';
    const id = '0123456789abcdef';
    const store = s3ObjectStore('bucket', 'a.zarr', env, assertForeignKey);
    // What it left: the store that it is to replace, and its sign.
    for (const key of ['root.json', 'old/c/0']) await store.put(key, new Uint8Array(1));
    await store.put('.hyperslab-unfinished', new TextEncoder().encode(id));
    const output = openSharedOutput(url, id, { marks, env, overwrite: true });
    await output.begin();
    await output.put('t/c/0', new Uint8Array(1));
    // Another try of the same.
    await openSharedOutput(url, id, { marks, env, overwrite: true }).begin();
    await output.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
    const left: string[] = [];
    for await (const object of store.list('')) left.push(object.url.slice(store.url.length));
    await store.close();
    assert.deepEqual(left, ['root.json', 't/c/0']);
  }

  it('goes on making room where one that was killed broke off', async function () {
    let isMissing = false;
    await withTemporaryDirectory(async (folder) => {
      const server = await startS3Server(folder, ['bucket']);
      if (server === undefined) {
        isMissing = true;
        return;
      }
      await takeUp(server.env).finally(() => server.stop());
    });
    if (isMissing) skip(this, 'no versitygw; `npm test` gets it');
  });
});
