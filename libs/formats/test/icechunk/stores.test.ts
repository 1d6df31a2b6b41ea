import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Reason } from '@hyperslab/errors';
import { createStorage } from '@hyperslab/storage';
import { hasPython, pythonPath, repository, withTemporaryDirectory } from '@hyperslab/testing';
import { objectVersionOf } from '../../src/icechunk/virtual-locations.ts';
import { icechunkReference, snapshotUrl } from '../../src/index.ts';
import { valuesOf, withStore } from '../zarr/reference.ts';

const fixtures = join(repository, 'fixtures/icechunk');
const expected = JSON.parse(await readFile(join(fixtures, 'values.json'), 'utf8')) as Record<
  'first' | 'main',
  number[]
>;
const roots = { roots: [fixtures] };
const rootObjects = ['run1.icechunk/refs/branch.main/ref.json', 'run2.icechunk/repo'];

async function valuesOfT(url: string): Promise<number[]> {
  return withStore(
    url,
    async (store) => {
      assert.equal(store.index.format, 'icechunk');
      return [...(await valuesOf(store, store.variables.get('/t')!)).values] as number[];
    },
    roots,
  );
}

/** Indexing a copy of a store, changed in some way, ends in this. */
async function refuses(
  reason: Reason,
  message: RegExp,
  object: string,
  change: (root: string) => Promise<unknown>,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const root = join(folder, 'store');
    await cp(join(fixtures, object.slice(0, 13)), root, { recursive: true });
    await change(root);
    await assert.rejects(
      withStore(join(root, object.slice(14)), async () => undefined, { roots: [folder] }),
      { reason, message },
    );
  });
}

describe('icechunk: stores', function () {
  this.timeout(60_000);

  for (const object of rootObjects) {
    it(`are named by ${object}, by branch, tag and snapshot`, async () => {
      const root = join(fixtures, object.slice(0, 13));
      assert.deepEqual(await valuesOfT(join(fixtures, object)), expected.main);
      const storage = createStorage(roots);
      const at = (reference: string) => snapshotUrl(icechunkReference(`${root}#${reference}`)!, storage);
      assert.deepEqual(await valuesOfT(await at('branch=other')), expected.main);
      assert.deepEqual(await valuesOfT(await at('tag=first')), expected.first);
      const snapshot = (await at('tag=first')).slice(-20);
      assert.deepEqual(await valuesOfT(await at(`snapshot=${snapshot}`)), expected.first);
      await assert.rejects(at('tag=second'), {
        reason: 'OBJECT_NOT_FOUND',
        message: /expected an Icechunk store with a tag "second", found none/,
      });
      await assert.rejects(at('snapshot=../../etc/passwd'), { reason: 'URL_INVALID' });
      await storage.close();
    });
  }

  it('say what is wrong with them', async () => {
    const [v1, v2] = rootObjects;
    const patch = (at: number, byte: number) => async (root: string) => {
      const bytes = await readFile(join(root, 'repo'));
      bytes[at] = byte;
      await writeFile(join(root, 'repo'), bytes);
    };
    await refuses(
      'FORMAT_UNSUPPORTED',
      /version 3 of the Icechunk specification is not supported/,
      v2,
      patch(36, 3),
    );
    await refuses(
      'FORMAT_UNSUPPORTED',
      /a part of an Icechunk store \(type 4\) is not supported/,
      v2,
      patch(37, 4),
    );
    await refuses('FORMAT_UNSUPPORTED', /compression 9 is not supported/, v2, patch(38, 9));
    await refuses('OBJECT_NOT_FOUND', /snapshots/, v1, (root) =>
      rm(join(root, 'snapshots'), { recursive: true }),
    );
    await refuses('OBJECT_NOT_FOUND', /manifests/, v2, (root) =>
      rm(join(root, 'manifests'), { recursive: true }),
    );
    await refuses('FORMAT_CORRUPT', /zstd/, v2, async (root) => {
      for (const name of await readdir(join(root, 'manifests'))) {
        const path = join(root, 'manifests', name);
        await writeFile(path, (await readFile(path)).subarray(0, -9));
      }
    });
  });

  it('have 100,000 virtual chunks by containers and compressed locations, with their states (needs Python and icechunk)', async function () {
    if (!hasPython('icechunk')) this.skip();
    for (const [version, object] of [
      [1, 'refs/branch.main/ref.json'],
      [2, 'repo'],
    ] as const) {
      await withTemporaryDirectory(async (folder) => {
        const root = join(folder, 'store');
        const script = join(import.meta.dirname, 'foreign/write-virtual.py');
        execFileSync(pythonPath()!, ['-B', script, root, String(version)]);
        const options = { roots: [folder, 's3://archive/', 's3://elsewhere/'] };
        await withStore(
          join(root, object),
          async ({ index, variables }) => {
            const { urls, versions } = index.others!;
            const [t, u] = ['/t', '/u'].map((name) => variables.get(name)!.chunks!);
            assert.equal(urls.length, 302);
            const wrong = t.offsets.findIndex((offset, i) => {
              const number = t.objects!.numbers[i] - 1;
              const { etag, unmodifiedSinceUs } = versions[number];
              const folder =
                i % 2 ? 's3://archive/run-7/2026/november' : 's3://elsewhere/long/prefix/of/objects';
              return (
                urls[number] !== `${folder}/part-${String(i % 300).padStart(3, '0')}.nc` ||
                offset !== 1000 + 2 * i ||
                t.lengths[i] !== 2 ||
                etag !== (i % 3 === 0 ? `"tag-${i % 300}"` : '') ||
                unmodifiedSinceUs !== (i % 3 === 1 ? 1.7e15 : undefined)
              );
            });
            assert.equal(wrong, -1);
            assert.deepEqual(u.lengths, [2, 0, 2, 0, 0]);
            assert.deepEqual(urls.slice(-2), ['s3://elsewhere/a b.nc', 's3://elsewhere/c.nc']);
            assert.deepEqual(
              versions.slice(-2).map(({ etag }) => etag),
              ['W/"weak"', '"quoted"'],
            );
          },
          options,
        );
        const inside = { roots: [folder, 's3://archive/'] };
        await assert.rejects(
          withStore(join(root, object), async () => undefined, inside),
          {
            reason: 'OUTSIDE_ROOTS',
          },
        );
      });
    }
  });

  it('refuse virtual chunks of objects that were changed', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'x.nc');
      await writeFile(path, 'abcdef');
      const url = pathToFileURL(path).href;
      const { size, ino, mtimeNs } = await stat(path, { bigint: true });
      const storage = createStorage({ roots: [folder] });
      const read = (etag: string, lastModified: number) =>
        storage
          .open(url)
          .read([{ offset: 1, length: 2 }], { expect: objectVersionOf(url, { etag, lastModified }) });
      const now = Math.ceil(Number(mtimeNs) / 1e9);
      const tag = `${ino.toString(16)}-${(mtimeNs / 1000n).toString(16)}-${size.toString(16)}`;
      assert.equal(String(Buffer.from((await read('', now))[0])), 'bc');
      assert.equal(String(Buffer.from((await read(tag, 0))[0])), 'bc');
      await assert.rejects(read('', now - 10), {
        reason: 'OBJECT_CHANGED',
        message: /no modification since/,
      });
      await utimes(path, now + 20, now + 20);
      await assert.rejects(read('', now), { reason: 'OBJECT_CHANGED' });
      await assert.rejects(read(tag, 0), { reason: 'OBJECT_CHANGED' });
      await storage.close();
    }));
});
