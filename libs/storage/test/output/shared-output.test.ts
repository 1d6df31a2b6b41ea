import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { skip, startS3Server, withTemporaryDirectory } from '@hyperslab/testing';
import { unfinishedPath } from '../../src/file/unfinished.ts';
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

  it('says of each object that is put at once that nobody has begun it, and takes them once somebody has', () =>
    withTemporaryDirectory(async (folder) => {
      const output = openSharedOutput(join(folder, 'a.zarr'), '0123456789ab', { marks });
      const put = () => Promise.allSettled(keys.map((key) => output.put(key, new Uint8Array(1))));
      for (const each of await put())
        assert.match(String(each.status === 'rejected' && each.reason), /nobody has begun it/);
      await output.begin();
      assert.ok((await put()).every(({ status }) => status === 'fulfilled'));
    }));

  it('has each object whole, while and after another puts it again, and that one leaves nothing when it comes too late', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.zarr');
      const [one, other] = [0, 1].map(() => openSharedOutput(path, '0123456789ab', { marks }));
      await one.begin();
      const [staging] = await readdir(folder);
      const chunk = new Uint8Array(2 ** 24).fill(7);
      await one.put('t/c/0', chunk);
      let isPut = false;
      const again = other.put('t/c/0', chunk).finally(() => {
        isPut = true;
      });
      while (!isPut) {
        const { size } = await stat(join(folder, staging, 't/c/0'));
        assert.equal(size, chunk.length);
      }
      await again;
      const late = other.put('t/c/0', chunk).catch(() => undefined);
      await one.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
      const whole = async () => {
        assert.deepEqual(await readdir(join(path, 't/c')), ['0']);
        assert.equal(Buffer.compare(await readFile(join(path, 't/c/0')), chunk), 0);
      };
      await whole();
      await late;
      await whole();
      assert.deepEqual(await readdir(folder), ['a.zarr']);
    }));

  for (const end of ['committed', 'given up'])
    it(`leaves nothing of what one was killed at while it put an object, when it is ${end}`, () =>
      withTemporaryDirectory(async (folder) => {
        const path = join(folder, 'a.zarr');
        await putUntilKilled(path);
        const next = openSharedOutput(path, '0123456789ab', { marks });
        if (end === 'given up') await next.discard();
        else {
          await next.put('t/c/0', new Uint8Array(3));
          await next.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
          const left = await readdir(path, { recursive: true });
          assert.deepEqual(left.sort(), ['root.json', 't', 't/c', 't/c/0']);
        }
        assert.deepEqual(await readdir(folder), end === 'given up' ? [] : ['a.zarr']);
      }));

  it('can be put to, replaced and given up under a name that is just not too long; a longer one is refused at once', () =>
    withTemporaryDirectory(async (folder) => {
      const [own, shared] = [basename(unfinishedPath(join(folder, 'a'))), '.a.shared.1.0123456789ab.part'];
      const longest = join(folder, 'a'.repeat(256 - Math.max(own.length, shared.length)));
      const open = (path: string) => openSharedOutput(path, '0123456789ab', { marks, overwrite: true });
      await assert.rejects(open(`${longest}a`).begin(), /its name is too long/);
      for (const end of ['made', 'replaced', 'given up']) {
        const output = open(longest);
        await output.begin();
        await output.put('t/c/0', new Uint8Array(3));
        if (end === 'given up') await output.discard();
        else await output.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
        assert.deepEqual(await readdir(folder), [basename(longest)]);
      }
    }));
});

/** Has another process put an object of a shared output until it is killed in the middle of that. */
async function putUntilKilled(path: string): Promise<void> {
  const writer = fork(fileURLToPath(new URL('killed-while-putting.ts', import.meta.url)), [path]);
  const isBegun = async () => {
    const there = await readdir(dirname(path), { recursive: true, withFileTypes: true });
    return there.some((each) => each.isFile());
  };
  try {
    await once(writer, 'message');
    for (let tries = 0; tries < 1_000 && !(await isBegun()); tries++) await sleep(1);
  } finally {
    writer.kill('SIGKILL');
  }
  await once(writer, 'exit');
}

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
