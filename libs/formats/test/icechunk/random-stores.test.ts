import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { encodeValues } from '@hyperslab/array';
import { createStorage } from '@hyperslab/storage';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { icechunkReference, snapshotUrl } from '../../src/index.ts';
import { type IndexedStore, valuesOf, withStore } from '../zarr/reference.ts';

const script = join(import.meta.dirname, 'foreign/write-stores.py');

/** An array as icechunk and zarr-python read it: texts, or a hash of little-endian values in row-major order. */
interface Described {
  shape: number[];
  attributes: Record<string, unknown>;
  strings?: string[];
  sha256?: string;
}

interface Written {
  main: Record<string, Described>;
  dev: Record<string, Described>;
  v1: Record<string, Described>;
  /** Name of the snapshot that the tag is at. */
  first: string;
}

async function agree(store: IndexedStore, expected: Record<string, Described>, what: string): Promise<void> {
  assert.equal(store.index.format, 'icechunk');
  assert.deepEqual(
    [...store.variables.keys()].sort(),
    Object.keys(expected)
      .map((path) => `/${path}`)
      .sort(),
  );
  for (const [path, described] of Object.entries(expected)) {
    const variable = store.variables.get(`/${path}`)!;
    assert.equal(variable.notComputable, '', `${what}, ${path}`);
    assert.deepEqual(variable.shape, described.shape, `${what}, ${path}`);
    const units = variable.attributes.find(({ name }) => name === 'units')?.strings;
    assert.deepEqual(units, described.attributes.units && [described.attributes.units]);
    const values = await valuesOf(store, variable);
    if (described.strings !== undefined)
      assert.deepEqual(values.values, described.strings, `${what}, ${path}`);
    else {
      const hash = createHash('sha256').update(encodeValues(values)).digest('hex');
      assert.equal(hash, described.sha256, `${what}, ${path}: ${[...values.values].slice(0, 4)}`);
    }
  }
}

describe('icechunk: random stores that the reference implementation wrote (needs Python and icechunk)', function () {
  this.timeout(120_000);

  for (const [version, object] of [
    [1, 'refs/branch.main/ref.json'],
    [2, 'repo'],
  ] as const) {
    for (let round = 0; round < 3; round++) {
      it(`version ${version}: commits, branches, tags, moved and deleted nodes, virtual chunks (${round})`, async function () {
        if (!hasPython('icechunk', 'h5py')) this.skip();
        await withTemporaryDirectory(async (folder) => {
          const seed = Number(process.env.SEED ?? (Date.now() % 2 ** 31) + round);
          const [written] = runPython<Written>(script, folder, version, seed);
          const root = join(folder, 'store');
          const what = `seed ${seed}`;
          const options = { roots: [folder] };
          await withStore(join(root, object), (store) => agree(store, written.main, what), options);
          const storage = createStorage(options);
          for (const [reference, expected] of [
            ['branch=main', written.main],
            ['branch=dev', written.dev],
            ['tag=v1', written.v1],
            [`snapshot=${written.first}`, written.v1],
          ] as const) {
            const url = await snapshotUrl(icechunkReference(`${root}#${reference}`)!, storage);
            await withStore(url, (store) => agree(store, expected, `${what}, ${reference}`), options);
          }
          for (const reference of ['tag=gone', 'tag=dev', 'branch=v1']) {
            await assert.rejects(snapshotUrl(icechunkReference(`${root}/#${reference}`)!, storage), {
              reason: 'OBJECT_NOT_FOUND',
            });
          }
          await storage.close();
        });
      });
    }
  }
});
