import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import { type S3Server, skip, startS3Server, withTemporaryDirectory } from '@hyperslab/testing';
import { openObjectStore } from '../../src/open-object-store.ts';
import { createOutputFolder } from '../../src/output/output-folder.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const marks = ['root.json'];
const last = [{ key: 'root.json', bytes: bytes('root') }];

async function keysOf(url: string, env: Record<string, string>): Promise<string[]> {
  const store = openObjectStore(url, env);
  const keys: string[] = [];
  for await (const object of store.list('')) keys.push(object.url.slice(store.url.length));
  await store.close();
  return keys;
}

describe('createOutputFolder: folder', () => {
  it('appears when it is whole, and leaves nothing when it is not', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.zarr');
      const first = await createOutputFolder(path, { marks });
      await first.put('t/c/0/0', bytes('chunk'));
      assert.ok(!(await readdir(folder)).includes('a.zarr'));
      await first.commit(last);
      await first.discard();
      assert.equal(await readFile(join(path, 't/c/0/0'), 'utf8'), 'chunk');
      assert.equal(await readFile(join(path, 'root.json'), 'utf8'), 'root');
      const second = await createOutputFolder(`${path}/`, { marks, overwrite: true });
      await second.put('t/c/1/0', bytes('other'));
      await second.discard();
      assert.deepEqual(await readdir(folder), ['a.zarr']);
      assert.deepEqual(await readdir(join(path, 't/c')), ['0']);
      const third = await createOutputFolder(path, { marks, overwrite: true });
      await third.put('t/c/1/0', bytes('other'));
      await third.commit(last);
      assert.deepEqual(await readdir(folder), ['a.zarr']);
      assert.deepEqual(await readdir(join(path, 't/c')), ['1']);
    }));

  it('replaces nothing unasked, and never what is something else', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a');
      await mkdir(path);
      await writeFile(join(path, 'thesis.tex'), '');
      for (const overwrite of [true, false])
        await assert.rejects(createOutputFolder(path, { marks, overwrite }), (error) =>
          isHyperslabError(error, 'INVALID_ARGUMENT'),
        );
      const other = join(folder, 'b');
      const output = await createOutputFolder(other, { marks });
      await mkdir(other);
      await writeFile(join(other, 'thesis.tex'), '');
      await assert.rejects(output.commit(last), /b: is there already/);
      await output.discard();
      assert.deepEqual(await readdir(folder), ['a', 'b']);
    }));

  it('is replaced by each of several writers at once, of whom nothing else stays', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.zarr');
      for (let round = 0; round < 5; round++) {
        const writers = Array.from({ length: 6 }, () => createOutputFolder(path, { marks, overwrite: true }));
        await Promise.all((await Promise.all(writers)).map((output) => output.commit(last)));
        assert.deepEqual(await readdir(folder), ['a.zarr']);
      }
    }));

  it('gets its name back that a killed writer took and gave to no other', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.zarr');
      const { pid } = spawnSync('true');
      const leave = async () => {
        const aside = join(
          folder,
          `.a.zarr.${hostname().replace(/[^A-Za-z0-9-]/g, '-')}.${pid}.0123456789ab.old`,
        );
        await mkdir(aside);
        await writeFile(join(aside, 'root.json'), 'old');
      };
      await leave();
      await assert.rejects(createOutputFolder(path, { marks }), /is there already/);
      assert.equal(await readFile(join(path, 'root.json'), 'utf8'), 'old');
      await leave();
      const next = await createOutputFolder(path, { marks, overwrite: true });
      await next.commit(last);
      assert.deepEqual(await readdir(folder), ['a.zarr']);
      assert.equal(await readFile(join(path, 'root.json'), 'utf8'), 'root');
    }));

  it('refuses keys that lead out of it', () =>
    withTemporaryDirectory(async (folder) => {
      const output = await createOutputFolder(join(folder, 'a'), { marks });
      for (const key of ['../b', '/b', 'a//b', ''])
        await assert.rejects(output.put(key, bytes('')), (error) => isHyperslabError(error, 'NAME_INVALID'));
      await output.discard();
    }));
});

/** Passes requests on to a server, and those that delete 100 ms later. `deleting` resolves with the first of them. */
async function slowDeletes(target: string) {
  const first = Promise.withResolvers<void>();
  const server = createServer(async (incoming, answer) => {
    if (incoming.method === 'DELETE') {
      first.resolve();
      await delay(100);
    }
    const { method, headers, url } = incoming;
    const outgoing = request(new URL(url!, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deleting: first.promise,
    close: () => void server.close(),
  };
}

describe('createOutputFolder: S3 (needs versitygw)', () => {
  /** Runs with a server, or skips. */
  async function withServer(test: Mocha.Context, body: (server: S3Server) => Promise<void>): Promise<void> {
    let missing = false;
    await withTemporaryDirectory(async (folder) => {
      const server = await startS3Server(folder, ['bucket']);
      if (server === undefined) missing = true;
      else await body(server).finally(() => server.stop());
    });
    if (missing) skip(test, 'no versitygw; `npm test` gets it');
  }

  it('gets its last objects at the end, and leaves nothing when it fails', function () {
    return withServer(this, async ({ env }) => {
      const url = 's3://bucket/runs/a.zarr';
      const first = await createOutputFolder(url, { marks, env });
      await first.put('t/.zarray', bytes('{}'));
      assert.deepEqual(await keysOf(url, env), ['.hyperslab-unfinished', 't/.zarray']);
      await first.discard();
      assert.deepEqual(await keysOf(url, env), []);
      const second = await createOutputFolder(url, { marks, env });
      await second.put('t/0.0', bytes('chunk'));
      await second.commit(last);
      assert.deepEqual(await keysOf(url, env), ['root.json', 't/0.0']);
      await assert.rejects(createOutputFolder(url, { marks, env }), /is there already/);
      const third = await createOutputFolder(url, { marks, env, overwrite: true });
      await third.commit(last);
      assert.deepEqual(await keysOf(url, env), ['root.json']);
    });
  });

  it('takes over what a killed writer left, which then does not complete it', function () {
    return withServer(this, async ({ env }) => {
      const url = 's3://bucket/b.zarr';
      const lost = await createOutputFolder(url, { marks, env });
      await lost.put('t/0', bytes('lost'));
      const next = await createOutputFolder(url, { marks, env });
      await next.put('t/1', bytes('next'));
      await assert.rejects(lost.commit(last), (error) => isHyperslabError(error, 'OBJECT_CHANGED'));
      await lost.discard();
      await next.commit(last);
      assert.deepEqual(await keysOf(url, env), ['root.json', 't/1']);
    });
  });

  it('stops removing when the next has begun', function () {
    return withServer(this, async ({ env }) => {
      const url = 's3://bucket/d.zarr';
      const keys = Array.from({ length: 30 }, (_, i) => `t/${10 + i}`);
      const slow = await slowDeletes(env.AWS_ENDPOINT_URL);
      const given = await createOutputFolder(url, { marks, env: { ...env, AWS_ENDPOINT_URL: slow.url } });
      for (const key of keys) await given.put(key, bytes('given up'));
      const discarded = given.discard();
      await slow.deleting;
      const next = await createOutputFolder(url, { marks, env });
      // The first is being deleted already, whoever comes.
      for (const key of keys.slice(1)) await next.put(key, bytes('next'));
      await next.commit(last);
      await discarded.finally(() => slow.close());
      assert.deepEqual(await keysOf(url, env), ['root.json', ...keys.slice(1)]);
    });
  });

  it('is refused below one that is not whole, which would remove it when it fails', function () {
    return withServer(this, async ({ env }) => {
      const above = await createOutputFolder('s3://bucket/team', { marks, env });
      const below = 's3://bucket/team/runs/e.zarr';
      await assert.rejects(
        createOutputFolder(below, { marks, env, overwrite: true }),
        /s3:\/\/bucket\/team,/,
      );
      await above.discard();
      const next = await createOutputFolder(below, { marks, env });
      await assert.rejects(createOutputFolder('s3://bucket/team', { marks, env }), /other objects/);
      await next.commit(last);
      assert.deepEqual(await keysOf(below, env), ['root.json']);
    });
  });

  it('refuses a prefix with other objects, and the whole of a bucket', function () {
    return withServer(this, async ({ env }) => {
      const store = openObjectStore('s3://bucket/c', env);
      await store.put('thesis.tex', bytes(''));
      await store.close();
      for (const overwrite of [true, false])
        await assert.rejects(createOutputFolder('s3://bucket/c', { marks, env, overwrite }), /other objects/);
      await assert.rejects(createOutputFolder('s3://bucket/', { marks, env }), (error) =>
        isHyperslabError(error, 'URL_INVALID'),
      );
    });
  });
});
