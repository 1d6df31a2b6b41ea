import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { indexFile } from '@hyperslab/formats';
import { FileIndex } from '@hyperslab/proto/index';
import { createStorage, type Storage } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { type DataStores, type StoreKind, startDataStores, storeKinds } from '../harness/data-stores.ts';
import { inParallel } from '../harness/in-parallel.ts';

const fixtures = join(repository, 'fixtures');
const references = 'references/refs.json';
/** Files of all formats; of stores of many objects what names them, where a web server can tell what is in them. */
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(nc|nc4|cdf|h5|grib2?|pp|zip)$|(run0|sharded)\.zarr\/(zarr\.json|\.zmetadata)$|parquet\/\.zmetadata$/.test(
    path,
  ),
);

/** Parts of an object beside them, a whole one, and bytes. */
const refs = {
  '.zgroup': '{"zarr_format": 2}',
  'v/.zarray':
    '{"zarr_format": 2, "shape": [8], "chunks": [2], "dtype": "<f4", "order": "C", "compressor": null, "filters": null, "fill_value": null}',
  'v/0': ['data.bin', 8, 8],
  'v/1': ['whole.bin'],
  'v/3': 'base64:AAAAAAAAgD8=',
};

// What a reader makes of a file does not depend on where its bytes come from.
describe('indexes', function () {
  this.timeout(180_000);
  let folder: string;
  let stores: DataStores;
  let storage: Storage;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-same-'));
    await cp(fixtures, folder, { recursive: true });
    await writeFile(join(folder, references), JSON.stringify({ version: 1, refs }));
    stores = await startDataStores(folder);
    storage = createStorage({ roots: stores.roots, env: stores.env });
  });
  after(async () => {
    await storage?.close();
    await stores?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The index without URLs and states, or why there is none. */
  async function indexOf(kind: StoreKind, path: string): Promise<string> {
    const url = stores.urlOf(kind, path)!;
    const source = storage.open(url);
    const base = source.url.slice(0, -path.length);
    const found = await indexFile(source, { storage }).catch((error) => {
      assert.ok(isHyperslabError(error), String(error));
      return `${error.reason} ${error.message}`;
    });
    const text = typeof found === 'string' ? found : contentOf(found);
    return text.replaceAll(base, '');
  }

  for (const kind of storeKinds.filter((each) => each !== 'file')) {
    it(`of ${kind} are those of files`, async function () {
      // Why it is not there has been said.
      if (stores.urlOf(kind, '') === undefined) this.skip();
      assert.ok(files.length > 30, `${files.length} files`);
      await inParallel([...files, references], 2, async (path) => {
        assert.deepEqual(await indexOf(kind, path), await indexOf('file', path), path);
      });
    });
  }
});

/** What an index says, with the URLs of objects in place of their numbers, which are given as they are found. */
function contentOf({ others, ...index }: FileIndex): string {
  const urls = ['', ...(others?.urls ?? [])];
  const content = FileIndex.toJSON({ ...index, version: undefined, bytesRead: 0 });
  return JSON.stringify({ content, held: others?.held.toString('base64') }, (key, value) =>
    key === 'numbers' ? value.map((number: number) => urls[number]) : value,
  );
}
