import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, startS3Server } from '@hyperslab/testing';
import {
  type ByteSource,
  createStorage,
  memorySource,
  type ObjectStore,
  openObjectStore,
  type Storage,
} from '../src/index.ts';
import { type ObjectServer, serveObjects } from './serve-objects.ts';
import { describeByteSource, rejectsWith } from './store-contract.ts';

// One contract, every store.

describe('byte source: memory', () => {
  const absent: ByteSource = {
    url: 'memory:absent',
    stat: () => rejectsAbsent(),
    read: () => rejectsAbsent(),
  };
  const rejectsAbsent = () =>
    createStorage({ roots: ['/'] })
      .open('/no/such/file')
      .stat() as Promise<never>;
  describeByteSource(() => ({
    withObject: async (name, bytes) => memorySource(`memory:${name}`, bytes),
    missing: () => absent,
  }));
});

describe('byte source: file', () => {
  let folder = '';
  let storage: Storage;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    storage = createStorage({ roots: [folder] });
  });
  after(async () => {
    await storage.close();
    await rm(folder, { recursive: true });
  });
  describeByteSource(() => ({
    async withObject(name, bytes) {
      await writeFile(join(folder, name), bytes);
      return storage.open(join(folder, name));
    },
    missing: () => storage.open(join(folder, 'absent.bin')),
    async replace(name, bytes) {
      await writeFile(join(folder, name), bytes);
      // The kernel's clock ticks every few milliseconds; both may have been written within one tick.
      await utimes(join(folder, name), 1e9, 1e9);
    },
  }));
});

describe('byte source: HTTP', () => {
  let server: ObjectServer;
  let storage: Storage;
  before(async () => {
    server = await serveObjects();
    storage = createStorage({ roots: [`${server.url}/data`] });
  });
  after(async () => {
    await storage.close();
    await server.close();
  });
  describeByteSource(() => ({
    async withObject(name, bytes) {
      server.objects.set(`/data/${name}`, bytes);
      return storage.open(`${server.url}/data/${name}`);
    },
    missing: () => storage.open(`${server.url}/data/absent.bin`),
    async replace(name, bytes) {
      server.objects.set(`/data/${name}`, bytes);
    },
  }));
});

describe('byte source: S3 (needs versitygw)', function () {
  this.timeout(20_000);
  let folder = '';
  let server: S3Server | undefined;
  let storage: Storage;
  let store: ObjectStore;
  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    server = await startS3Server(folder, ['runs']);
    if (server === undefined) this.skip();
    storage = createStorage({ roots: ['s3://runs'], env: server.env });
    store = openObjectStore('s3://runs/a b/', server.env);
  });
  after(async () => {
    await store?.close();
    await storage?.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });
  describeByteSource(() => ({
    async withObject(name, bytes) {
      await store.put(name, bytes);
      return storage.open(`s3://runs/a b/${name}`);
    },
    missing: () => storage.open('s3://runs/absent.bin'),
    replace: (name, bytes) => store.put(name, bytes),
  }));

  it('says OBJECT_NOT_FOUND for a bucket that is not there and ACCESS_DENIED for a wrong key', async () => {
    const other = createStorage({
      roots: ['s3://absent', 's3://runs'],
      env: { ...server!.env, AWS_SECRET_ACCESS_KEY: 'wrong' },
    });
    const found = storage.list('s3://runs/nothing/')[Symbol.asyncIterator]().next();
    await rejectsWith('OBJECT_NOT_FOUND', found, /no object matches/);
    await rejectsWith(
      'ACCESS_DENIED',
      other.open('s3://runs/a').read([{ offset: 0, length: 1 }]),
      /secret key/,
    );
    await other.close();
  });
});
