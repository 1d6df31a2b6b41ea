import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileIndex, FileIndexBatch, ListingRemarks } from '@hyperslab/proto/index';
import { openObjectStore } from '@hyperslab/storage';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { findPacks } from '../../src/kept/find-packs.ts';
import { IndexKeeper } from '../../src/kept/index-keeper.ts';
import { indexName } from '../../src/kept/index-name.ts';
import { planKept } from '../../src/kept/plan-kept.ts';
import { readKept } from '../../src/kept/read-kept.ts';

const maker = 'code';
const keepUnder = 'indexes/code/folder';
const { signal } = new AbortController();
const files = Array.from({ length: 40 }, (_, i) =>
  FileIndex.fromPartial({
    url: `file:///run/${i}.nc`,
    format: 'netcdf4',
    version: { size: 100 + i, etag: '', modifiedUs: 1_000 + i },
    selfContained: true,
    bytesRead: 7,
    root: { name: '', variables: [{ name: `v${i}`, dtype: 'float32', shape: [i] }] },
  }),
);
const listed = files.map(({ url, version }) => ({
  url,
  size: version!.size,
  indexName: indexName(url, version!),
}));

/** Keeps batches as a publish does; answers the store and the only file in it. */
async function keep(folder: string, replaced: string[] = [], isWhole = true) {
  const objects = openObjectStore(folder);
  const environment = { objects, maker, scratch: folder };
  const keeper = new IndexKeeper(environment, ListingRemarks.fromPartial({ keepUnder, replaced }), signal);
  for (let at = 0; at < files.length; at += 16) {
    const some = files.slice(at, at + 16);
    // Of the second batch a few.
    const worthKeeping = at === 16 ? [1, 3] : [...some.keys()];
    const batch = FileIndexBatch.fromPartial({ files: some, maker, worthKeeping });
    await keeper.take(batch, FileIndexBatch.encode(batch).finish());
  }
  await keeper.finish(isWhole);
  const [{ url }] = await Array.fromAsync(objects.list(`${keepUnder}/`));
  return { objects, path: new URL(url).pathname };
}

/** What a later publish of the same files takes. */
async function found(objects: ReturnType<typeof openObjectStore>, wanted = listed, by = maker) {
  const { packs, places } = planKept(
    wanted.map((object) => object.indexName),
    await findPacks(objects, keepUnder, signal),
  );
  const named = wanted.map((object, at) => ({ ...object, kept: places[at] }));
  return readKept(objects, packs, named, by, signal);
}

const expected = new Map(
  files.flatMap((file, i) =>
    i < 16 || i >= 32 || i === 17 || i === 19 ? [[i, { ...file, bytesRead: 0 }]] : [],
  ),
);

describe('packs of kept indexes', () => {
  it('give back what was kept, with nothing read of the files', () =>
    withTemporaryDirectory(async (folder) => {
      const { objects } = await keep(folder);
      assert.deepEqual(await found(objects), expected);
      // Of another state, by other code, or of another object than the name says.
      const changed = listed.map((object, i) => ({
        ...object,
        indexName: indexName(object.url, { ...files[i].version!, size: 1 }),
      }));
      assert.equal((await found(objects, changed)).size, 0);
      assert.equal((await found(objects, listed, 'other')).size, 0);
      const other = listed.map((object) => ({ ...object, url: `${object.url}x` }));
      assert.equal((await found(objects, other)).size, 0);
      await objects.close();
    }));

  it('replace those that they are to replace', () =>
    withTemporaryDirectory(async (folder) => {
      const objects = openObjectStore(folder);
      await objects.put(`${keepUnder}/000000000-old`, Buffer.from('no pack at all'));
      assert.equal((await found(objects)).size, 0);
      await keep(folder, [`${keepUnder}/000000000-old`]);
      assert.equal((await Array.fromAsync(objects.list(`${keepUnder}/`))).length, 1);
      assert.deepEqual(await found(objects), expected);
      await objects.close();
    }));

  it('replace none where a publish failed before all batches were taken', () =>
    withTemporaryDirectory(async (folder) => {
      const objects = openObjectStore(folder);
      await objects.put(`${keepUnder}/000000000-old`, Buffer.from('has what is in other batches'));
      await keep(folder, [`${keepUnder}/000000000-old`], false);
      assert.equal(await objects.has(`${keepUnder}/000000000-old`), true);
      assert.deepEqual(await found(objects), expected);
      await objects.close();
    }));

  it('are no failure where the store takes nothing', () =>
    withTemporaryDirectory(async (folder) => {
      await writeFile(join(folder, 'indexes'), 'a file where a folder would have to be');
      const objects = openObjectStore(folder);
      const keeper = new IndexKeeper(
        { objects, maker, scratch: folder },
        ListingRemarks.fromPartial({ keepUnder }),
        signal,
      );
      const batch = FileIndexBatch.fromPartial({ files, maker, worthKeeping: [0] });
      await keeper.take(batch, FileIndexBatch.encode(batch).finish());
      await keeper.finish(true);
      assert.deepEqual(await findPacks(objects, keepUnder, signal), []);
      await objects.close();
    }));

  it('give what was kept or nothing when they are damaged or cut off', () =>
    withTemporaryDirectory(async (folder) => {
      const { objects, path } = await keep(folder);
      const whole = await readFile(path);
      const damage = fc.oneof(
        fc.record({ at: fc.nat(whole.length - 1), bits: fc.integer({ min: 1, max: 255 }) }),
        fc.record({ length: fc.nat(whole.length - 1) }),
        fc.record({
          at: fc.integer({ min: whole.length - 12, max: whole.length - 1 }),
          bits: fc.constant(255),
        }),
      );
      await fc.assert(
        fc.asyncProperty(damage, async (how) => {
          const bytes = Buffer.from(whole);
          if ('at' in how) bytes[how.at] ^= how.bits;
          await writeFile(path, 'length' in how ? bytes.subarray(0, how.length) : bytes);
          for (const [number, index] of await found(objects)) assert.deepEqual(index, expected.get(number));
        }),
        { numRuns: 150 },
      );
      await objects.close();
    }));
});
