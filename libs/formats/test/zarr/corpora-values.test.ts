import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, sharedCorpora } from '@hyperslab/testing';
import { type IndexedStore, valuesOf, withStore } from './reference.ts';

/** A store as foreign/describe-stores.py prints it. */
interface DescribedStore {
  path: string;
  error?: string;
  /** By path, "" of a store that is one array; large ones without values. */
  arrays: Record<string, { shape: number[]; values: (number | string)[] | null }>;
}

const corpora = sharedCorpora();
const script = join(import.meta.dirname, 'foreign/describe-stores.py');
const roots = ['.zmetadata', 'zarr.json', '.zgroup', '.zarray'];

/** Whose values zarr-python does not know: another test of the corpora says what is made of them. */
const unread =
  /pcodec|zfpy|array_optional|bitround|ref_byte_fill_value_null|ref_noshape|storage_transformer\/exists/;
/** Zarr 2 wrote 0 for an empty text as fill value, of which zarr-python 3 makes "0"; the store's makers say "". */
const ownFill = 'str_v2_fv_0.zarr';
/** What we only describe, and why. */
const described = /units of "(Y|ps)"|bytes of any length/;

describe('zarr: stores of the corpora as zarr-python reads them (need ../shared/corpora and Python)', function () {
  this.timeout(120_000);
  it('have its shapes and values', async function () {
    if (corpora === undefined || !hasPython('zarr')) this.skip();
    const stores = [...storesBelow(corpora), ...zipsIn(join(corpora, 'netcdf-c-files/nczarr_test'))];
    assert.ok(stores.length > 65, `${stores.length}`);
    let compared = 0;
    for (const reference of runPython<DescribedStore>(script, ...stores)) {
      assert.equal(reference.error !== undefined, unread.test(reference.path), reference.path);
      if (reference.error === undefined && !reference.path.endsWith(ownFill))
        await withStore(rootOf(reference.path), async (store) => {
          compared += await compareStore(store, reference);
        });
    }
    assert.ok(compared > 60, `${compared}`);
  });
});

describe('zarr: archives of netCDF-C (need ../shared/corpora)', () => {
  const archive = (name: string) => join(corpora!, 'netcdf-c-files/nczarr_test', name);
  before(function () {
    if (corpora === undefined) this.skip();
  });

  it('hold what their CDL says where a fill value is null', () =>
    withStore(archive('ref_byte_fill_value_null.zarr.zip'), async (store) => {
      const { values } = await valuesOf(store, store.variables.get('/byt')!);
      assert.deepEqual([...values], new Array(400).fill(255));
    }));

  it('are refused where an array of no dimensions has a chunk of six values', () =>
    withStore(archive('ref_noshape.file.zip'), (store) =>
      assert.rejects(valuesOf(store, store.variables.get('/v')!), (error) => {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        assert.match(error.message, /chunk 0 of "v": .* expected at most 4 bytes to come out, found more/);
        return true;
      }),
    ));
});

/** Folders of stores; one within another is a part of it. */
function storesBelow(folder: string): string[] {
  if (roots.some((root) => existsSync(join(folder, root)))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => storesBelow(join(folder, name)));
}

function zipsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.zip'))
    .map((name) => join(folder, name));
}

function rootOf(path: string): string {
  return roots.map((root) => join(path, root)).find(existsSync) ?? path;
}

/** How many arrays there were to compare. */
async function compareStore(store: IndexedStore, { path, arrays }: DescribedStore): Promise<number> {
  let compared = 0;
  assert.equal(store.variables.size, Object.keys(arrays).length, path);
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    const what = `${path}: ${name}`;
    const found = [...store.variables].find(([own]) => name === '' || own.endsWith(`/${name}`));
    assert.ok(found, what);
    const [, variable] = found;
    assert.deepEqual(variable.shape, shape, what);
    if (described.test(variable.notComputable)) continue;
    assert.equal(variable.notComputable, '', what);
    // What is large has no chunks, and zarr-python gives its fill value.
    if (values === null) {
      assert.ok(
        store.index.notes.some((note) =>
          note.endsWith(`${name} holds its fill value only: no chunk of it is there`),
        ),
      );
      continue;
    }
    const stored = await valuesOf(store, variable);
    assert.deepEqual(Array.from(stored.values as ArrayLike<unknown>, plain), values.map(String), what);
    compared++;
  }
  return compared;
}

/** As the script writes it, and then as a text. */
function plain(value: unknown): string {
  const names: Record<string, string> = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' };
  return names[String(value)] ?? String(value);
}
