import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HyperslabError, Reason } from '@hyperslab/errors';
import { type S3Server, startS3Server } from '@hyperslab/testing';
import { createStorage, openObjectStore, type Storage } from '../src/index.ts';
import { rejectsWith } from './store-contract.ts';

const names = [
  'run/a.nc',
  'run/a/1.nc',
  'run/a/2.nc',
  'run/a-b/3.nc',
  'run/a b/4.nc',
  'run/B.nc',
  'run/deep/er/5.nc',
  'run/deep/er/6.grib',
  'run/notes.txt',
  'run/.hidden.nc',
  'run/.git/7.nc',
  'run/ünï.nc',
];

const cases: readonly [pattern: string, expected: string[]][] = [
  ['run/a.nc', ['run/a.nc']],
  ['run/*.nc', ['run/B.nc', 'run/a.nc', 'run/ünï.nc']],
  ['run/?.nc', ['run/B.nc', 'run/a.nc']],
  ['run/{a,B}.nc', ['run/B.nc', 'run/a.nc']],
  ['run/a/*', ['run/a/1.nc', 'run/a/2.nc']],
  ['run/*/?.nc', ['run/a b/4.nc', 'run/a-b/3.nc', 'run/a/1.nc', 'run/a/2.nc']],
  ['run/{a,deep/er}/*.nc', ['run/a/1.nc', 'run/a/2.nc', 'run/deep/er/5.nc']],
  ['run/**/*.grib', ['run/deep/er/6.grib']],
  ['run/.hidden.nc', ['run/.hidden.nc']],
  [
    'run/',
    [
      'run/B.nc',
      'run/a b/4.nc',
      'run/a-b/3.nc',
      'run/a.nc',
      'run/a/1.nc',
      'run/a/2.nc',
      'run/deep/er/5.nc',
      'run/deep/er/6.grib',
      'run/notes.txt',
      'run/ünï.nc',
    ],
  ],
];

async function urls(storage: Storage, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { url, size } of storage.list(pattern)) {
    assert.equal(size, 5);
    found.push(url);
  }
  return found;
}

async function listsHiddenAndStates(storage: Storage, folder: string, url: string): Promise<void> {
  const list = (pattern: string) =>
    Array.fromAsync(storage.list(`${folder}/${pattern}`, undefined, { hidden: ['.hidden.nc'] }));
  const found = await list('*.nc');
  assert.ok(found.some((object) => object.url === `${url}/.hidden.nc`));
  assert.ok((await list('')).every((object) => !object.url.includes('.git')));
  assert.equal((await list('.hidden.nc')).length, 1);
  for (const { url: one, ...version } of found) {
    // What a listing says is what a read insists on.
    await storage.open(one).read([{ offset: 0, length: 5 }], { expect: version });
    const now = await storage.open(one).stat();
    assert.deepEqual([version.size, version.etag], [now.size, now.etag]);
    assert.ok(version.etag !== '' || version.modifiedUs === now.modifiedUs);
  }
}

describe('listing files', () => {
  let folder = '';
  let storage: Storage;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    for (const name of names) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'bytes');
    }
    storage = createStorage({ roots: [folder] });
  });
  after(async () => {
    await storage.close();
    await rm(folder, { recursive: true });
  });

  for (const [pattern, expected] of cases) {
    it(`finds ${pattern}`, async () => {
      const wanted = expected.map((name) => pathToFileURL(join(folder, name)).href).toSorted();
      assert.deepEqual(await urls(storage, `${folder}/${pattern}`), wanted);
    });
  }

  it('finds patterns that are written as URLs', async () => {
    const found = await urls(storage, `${pathToFileURL(folder).href}/run/a%20b/?.nc`);
    assert.deepEqual(found, [pathToFileURL(join(folder, 'run/a b/4.nc')).href]);
  });

  it('takes a name with a wildcard in it for itself', async () => {
    await writeFile(join(folder, 'what?.nc'), 'bytes');
    await writeFile(join(folder, 'whats.nc'), 'bytes');
    assert.equal((await urls(storage, join(folder, 'what?.nc'))).length, 1);
  });

  it('lists hidden names that are wanted, and the state of each object', () =>
    listsHiddenAndStates(storage, `${folder}/run`, pathToFileURL(`${folder}/run`).href));

  it('lists what is wanted in folders that a glob matches', async () => {
    const found = await Array.fromAsync(
      storage.list(`${folder}/run/*`, undefined, { inFolders: ['1.nc', '7.nc'] }),
    );
    const found1 = found.filter(({ url }) => /\d\.nc$/.test(url)).map(({ url }) => url);
    assert.deepEqual(found1, [pathToFileURL(join(folder, 'run/a/1.nc')).href]);
  });

  it('says that nothing is there', async () => {
    await rejectsWith('OBJECT_NOT_FOUND', urls(storage, `${folder}/none.nc`), /none\.nc/);
    await rejectsWith('OBJECT_NOT_FOUND', urls(storage, `${folder}/none/*.nc`));
    await rejectsWith('OBJECT_NOT_FOUND', urls(storage, `${folder}/run/*.zarr`));
    await rejectsWith('URL_INVALID', urls(storage, `${folder}/run`), /end it with a slash/);
    await rejectsWith('OUTSIDE_ROOTS', urls(storage, '/*'));
    await rejectsWith('OUTSIDE_ROOTS', urls(storage, `${folder}/../*`));
  });

  it('takes no pipe, socket or device for a file', async () => {
    const kinds = join(folder, 'kinds');
    await mkdir(kinds);
    await writeFile(join(kinds, 'a.nc'), 'bytes');
    execFileSync('mkfifo', [join(kinds, 'pipe.nc')]);
    const server = createServer().listen(join(kinds, 'socket.nc'));
    await once(server, 'listening');
    try {
      for (const name of ['pipe.nc', 'socket.nc']) {
        await rejectsWith('URL_INVALID', urls(storage, join(kinds, name)), /is no regular file/);
        await rejectsWith('URL_INVALID', storage.open(join(kinds, name)).stat(), /is no regular file/);
      }
      assert.equal((await urls(storage, `${kinds}/*.nc`)).length, 1);
    } finally {
      server.close();
    }
  });

  it('does not go round with links', async () => {
    await mkdir(join(folder, 'round'));
    await writeFile(join(folder, 'round/a.nc'), 'bytes');
    await symlink(join(folder, 'round'), join(folder, 'round/again'));
    assert.equal((await urls(storage, `${folder}/round/`)).length, 1);
  });

  it('names what can not be listed, and lists the rest where somebody is told of it', async () => {
    const lost = join(folder, 'lost');
    await mkdir(lost);
    await writeFile(join(lost, 'a.nc'), 'bytes');
    await writeFile(join(lost, 'z.nc'), 'bytes');
    const latin = (name: string) => Buffer.from(join(lost, name), 'latin1');
    const unlisted = async (pattern: string, reason: Reason, message: RegExp) => {
      await rejectsWith(reason, urls(storage, `${lost}/${pattern}`), message);
      const told: HyperslabError[] = [];
      const options = { onUnlisted: (error: HyperslabError) => void told.push(error) };
      const found = await Array.fromAsync(storage.list(`${lost}/${pattern}`, undefined, options));
      assert.deepEqual(
        found.map(({ url }) => url.slice(-4)),
        ['a.nc', 'z.nc'],
      );
      assert.deepEqual(
        told.map((error) => [error.reason, message.test(error.message)]),
        [[reason, true]],
      );
    };
    await symlink(join(lost, 'none.nc'), join(lost, 'link.nc'));
    await unlisted('*.nc', 'OBJECT_NOT_FOUND', /link\.nc: it is a symbolic link that leads nowhere/);
    assert.equal((await urls(storage, `${lost}/?.nc`)).length, 2);
    await rm(join(lost, 'link.nc'));
    await symlink(join(lost, 'round.nc'), join(lost, 'round.nc'));
    await unlisted('', 'OBJECT_NOT_FOUND', /round\.nc: its symbolic links lead in a circle/);
    await rm(join(lost, 'round.nc'));
    await writeFile(latin('caf\xe9.nc'), 'bytes');
    await unlisted('*.nc', 'URL_INVALID', /caf%EF%BF%BD\.nc: its name is no UTF-8/);
    await rm(latin('caf\xe9.nc'));
    await mkdir(latin('\xe9t\xe9'));
    await unlisted('**/*.nc', 'URL_INVALID', /lost\/%EF%BF%BDt%EF%BF%BD: its name is no UTF-8/);
  });

  it('goes on behind a folder that is removed meanwhile, as it does behind a file', async () => {
    const busy = join(folder, 'busy');
    // Some are looked at together: the last is not, until those before it are taken.
    const many = Array.from({ length: 100 }, (_, i) => `e${100 + i}.nc`);
    for (const name of ['a.nc', 'b/1.nc', 'd/2.nc', ...many, 'z.nc']) {
      await mkdir(dirname(join(busy, name)), { recursive: true });
      await writeFile(join(busy, name), 'bytes');
    }
    const found: string[] = [];
    for await (const { url } of storage.list(`${busy}/**`)) {
      found.push(url.slice(pathToFileURL(busy).href.length));
      for (const name of ['b', 'z.nc']) await rm(join(busy, name), { recursive: true, force: true });
    }
    assert.deepEqual(found, ['/a.nc', '/d/2.nc', ...many.map((name) => `/${name}`)]);
    await rejectsWith('OBJECT_NOT_FOUND', urls(storage, `${busy}/b/`), /busy\/b\/: no such file/);
  });

  it('stops when nobody wants it any more', async () => {
    const abort = new AbortController();
    const listing = storage.list(`${folder}/run/`, abort.signal)[Symbol.asyncIterator]();
    await listing.next();
    abort.abort();
    await rejectsWith('CANCELLED', listing.next());
  });
});

describe('listing S3 (needs versitygw)', function () {
  this.timeout(20_000);
  let folder = '';
  let server: S3Server | undefined;
  let storage: Storage;
  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    server = await startS3Server(folder, ['bucket']);
    if (server === undefined) this.skip();
    for (const name of names) {
      await mkdir(dirname(join(folder, 'bucket', name)), { recursive: true });
      await writeFile(join(folder, 'bucket', name), 'bytes');
    }
    storage = createStorage({ roots: ['s3://bucket/run'], env: server.env });
  });
  after(async () => {
    await storage?.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  for (const [pattern, expected] of cases) {
    it(`finds ${pattern}`, async () => {
      const wanted = expected.map((name) => `s3://bucket/${name}`);
      assert.deepEqual((await urls(storage, `s3://bucket/${pattern}`)).toSorted(), wanted.toSorted());
    });
  }

  it('lists hidden names that are wanted, and the state of each object', () =>
    listsHiddenAndStates(storage, 's3://bucket/run', 's3://bucket/run'));

  it('takes a bucket without a key, and a pattern at its root', async () => {
    const bucket = createStorage({ roots: ['s3://bucket'], env: server!.env });
    try {
      await writeFile(join(folder, 'bucket/top.nc'), 'bytes');
      assert.deepEqual(await urls(bucket, 's3://bucket/*.nc'), ['s3://bucket/top.nc']);
      for (const pattern of ['s3://bucket', 's3://bucket/']) {
        const found = await urls(bucket, pattern);
        assert.ok(found.includes('s3://bucket/top.nc') && found.includes('s3://bucket/run/a/1.nc'), pattern);
      }
      await rejectsWith('OUTSIDE_ROOTS', urls(storage, 's3://bucket/'));
    } finally {
      await bucket.close();
    }
  });

  it('lists more than a page', async () => {
    const store = openObjectStore('s3://bucket/run/pages', server!.env);
    await mkdir(join(folder, 'bucket/run/pages'));
    for (let i = 0; i < 1005; i++) await writeFile(join(folder, `bucket/run/pages/${i}.nc`), 'bytes');
    assert.equal((await urls(storage, 's3://bucket/run/pages/*.nc')).length, 1005);
    await store.close();
  });

  it('lists nothing outside the roots', async () => {
    await rejectsWith('OUTSIDE_ROOTS', urls(storage, 's3://bucket/'));
    await rejectsWith('OUTSIDE_ROOTS', urls(storage, 's3://bucket/r*'));
    await rejectsWith('OUTSIDE_ROOTS', urls(storage, 's3://other/run/'));
  });
});
