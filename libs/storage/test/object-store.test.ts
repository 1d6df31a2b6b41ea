import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HyperslabError } from '@hyperslab/errors';
import { type S3Server, startS3Server } from '@hyperslab/testing';
import { type ObjectStore, openObjectStore } from '../src/index.ts';
import { patternBytes, rejectsWith } from './store-contract.ts';

function describeObjectStore(open: () => ObjectStore): void {
  const bytes = patternBytes(100_000);
  const keys = async (prefix: string) => {
    const found: string[] = [];
    for await (const { url } of open().list(prefix)) found.push(url.slice(open().url.length));
    return found;
  };

  it('lists nothing before anything was put', async () => {
    assert.deepEqual(await keys(''), []);
    assert.equal(await open().has('manifests/a'), false);
  });

  it('gives back what was put', async () => {
    await open().put('manifests/a', bytes);
    assert.equal(await open().has('manifests/a'), true);
    const source = open().open('manifests/a');
    assert.equal(source.url, `${open().url}manifests/a`);
    const [found] = await source.read([{ offset: 0, length: bytes.length }], { expect: await source.stat() });
    assert.deepEqual(Buffer.from(found), Buffer.from(bytes));
  });

  it('puts content that comes in parts, and nothing of what fails on the way', async () => {
    const large = patternBytes(40 * 2 ** 20);
    const partsOf = async function* (until: number) {
      for (let at = 0; at < until; at += 2 ** 20) yield large.subarray(at, at + 2 ** 20);
      if (until < large.length) throw new HyperslabError('CHECKSUM_MISMATCH', 'not what it was');
    };
    await open().put('manifests/parts', { size: large.length, parts: () => partsOf(large.length) });
    const source = open().open('manifests/parts');
    assert.equal((await source.stat()).size, large.length);
    const [found] = await source.read([{ offset: 0, length: large.length }]);
    assert.ok(Buffer.from(found).equals(large), 'other bytes');
    await open().delete('manifests/parts');
    const broken = { size: large.length, parts: () => partsOf(20 * 2 ** 20) };
    await rejectsWith('CHECKSUM_MISMATCH', open().put('manifests/broken', broken));
    assert.equal(await open().has('manifests/broken'), false);
  });

  it('puts empty objects and replaces objects', async () => {
    await open().put('manifests/b', bytes);
    await open().put('manifests/b', new Uint8Array(0));
    assert.equal((await open().open('manifests/b').stat()).size, 0);
  });

  it('lists by prefix', async () => {
    await open().put('snapshots/1', bytes);
    await open().put('manifests/ab', bytes);
    assert.deepEqual(await keys('manifests/'), ['manifests/a', 'manifests/ab', 'manifests/b']);
    assert.deepEqual(await keys('manifests/a'), ['manifests/a', 'manifests/ab']);
    assert.deepEqual(await keys('none/'), []);
  });

  it('deletes, also what is not there', async () => {
    await open().put('manifests/gone', bytes);
    await open().delete('manifests/gone');
    await open().delete('manifests/gone');
    assert.equal(await open().has('manifests/gone'), false);
  });

  it('refuses keys that are no relative paths of plain names', async () => {
    for (const key of ['', '/a', 'a/../b', '..', 'a//b', '.hidden', 'a b', 'a/']) {
      await rejectsWith('NAME_INVALID', open().put(key, bytes));
      assert.throws(() => open().open(key), /object key/);
    }
  });

  it('puts nothing for a signal that is aborted', async () => {
    await rejectsWith('CANCELLED', open().put('manifests/never', bytes, AbortSignal.abort()));
    assert.equal(await open().has('manifests/never'), false);
  });
}

describe('object store: folder', () => {
  let folder = '';
  let store: ObjectStore;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    store = openObjectStore(join(folder, 'new', 'objects'));
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  describeObjectStore(() => store);

  it('leaves nothing behind when it fails, and says why', async () => {
    await writeFile(join(folder, 'file'), '');
    const below = openObjectStore(join(folder, 'file/objects'));
    await rejectsWith('OBJECT_NOT_FOUND', below.put('a', new Uint8Array(1)), /no directory/);
    await below.close();
    if (process.getuid?.() === 0) return;
    await chmod(folder, 0o500);
    await rejectsWith('ACCESS_DENIED', openObjectStore(join(folder, 'denied')).put('a', new Uint8Array(1)));
    await chmod(folder, 0o700);
  });

  it('leaves no temporary files', async () => {
    const left = await readdir(join(folder, 'new/objects'), { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.includes('.tmp')),
      [],
    );
  });

  it('has a URL that ends in a slash', () => {
    assert.equal(store.url, `${pathToFileURL(join(folder, 'new/objects')).href}/`);
  });
});

describe('object store: S3 (needs versitygw)', function () {
  this.timeout(20_000);
  let folder = '';
  let server: S3Server | undefined;
  let store: ObjectStore;
  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-'));
    server = await startS3Server(folder, ['store']);
    if (server === undefined) this.skip();
    store = openObjectStore('s3://store/hyperslab', server.env);
  });
  after(async () => {
    await store?.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });
  describeObjectStore(() => store);
});

describe('object store: elsewhere', () => {
  it('is refused', () => {
    assert.throws(() => openObjectStore('https://host/'), /can not be put to a web server/);
  });
});
