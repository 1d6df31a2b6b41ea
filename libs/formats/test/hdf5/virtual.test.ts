import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeValues } from '@hyperslab/array';
import { createStorage, memorySource } from '@hyperslab/storage';
import { hasPython, repository, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { indexFile, readStored } from '../../src/index.ts';

interface Written {
  file: string;
  what: string;
  shape: number[];
  sha256: string;
}

/** A variable of a file that has its values elsewhere, and the SHA-256 of these. */
async function readElsewhere(path: string, roots: string[], wanted: string) {
  const storage = createStorage({ roots });
  try {
    const source = storage.open(path);
    const index = await indexFile(source, { storage });
    const variable = index.root!.variables.find(({ name }) => name === wanted)!;
    const { selfContained } = index;
    if (variable.notComputable !== '') return { variable, digest: '', selfContained };
    const others = index.others ?? { urls: [], versions: [], held: Buffer.alloc(0) };
    const values = await readStored(variable, source, index.version!, undefined, { others, storage });
    const digest = createHash('sha256').update(encodeValues(values)).digest('hex');
    return { variable, digest, selfContained };
  } finally {
    await storage.close();
  }
}

describe('hdf5: virtual datasets (needs Python and h5py)', function () {
  this.timeout(60_000);
  const scripts = join(import.meta.dirname, 'foreign');

  it('of random sources, as h5py reads them', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      for (const written of runPython<Written>(
        join(scripts, 'write-virtual.py'),
        folder,
        seed,
        60,
        'whole',
      )) {
        const what = `seed ${seed}, ${written.file}: ${written.what}`;
        const { variable, digest } = await readElsewhere(written.file, [folder], 'virtual');
        assert.equal(variable.notComputable, '', what);
        assert.deepEqual(variable.shape, written.shape, what);
        assert.equal(digest, written.sha256, what);
      }
    });
  });

  it('without end, as far as their sources go today', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      const parameters = [folder, seed, 40, 'endless'] as const;
      for (const written of runPython<Written>(join(scripts, 'write-virtual.py'), ...parameters)) {
        const what = `seed ${seed}, ${written.file}: ${written.what}`;
        const { variable, digest } = await readElsewhere(written.file, [folder], 'virtual');
        if (written.shape[0] === 0) continue;
        assert.equal(variable.notComputable, '', what);
        assert.deepEqual(variable.shape, written.shape, what);
        assert.equal(digest, written.sha256, what);
      }
    });
  });

  it('whose sources claim more chunks together than memory should hold', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const script = join(scripts, 'write-sparse-sources.py');
      const [twelve, two] = runPython<{ file: string }>(script, folder).map(({ file }) => file);
      const { variable } = await readElsewhere(twelve, [folder], 'virtual');
      assert.match(
        variable.notComputable,
        /^its source \/+x of sources\.h5 can not be computed: its grid of 4194304 chunks is too large for an index$/,
      );
      assert.equal((await readElsewhere(two, [folder], 'virtual')).variable.notComputable, '');
    });
  });

  it('of any slices are right, or refused with their reason', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      let right = 0;
      for (const written of runPython<Written>(join(scripts, 'write-virtual.py'), folder, seed, 80, 'any')) {
        const what = `seed ${seed}, ${written.file}: ${written.what}`;
        const { variable, digest } = await readElsewhere(written.file, [folder], 'virtual');
        if (variable.notComputable !== '')
          assert.match(variable.notComputable, /^(its? |some of its |a source )/, what);
        else {
          assert.equal(digest, written.sha256, what);
          right++;
        }
      }
      assert.ok(right > 5, `${right} were computed`);
    });
  });

  it('of a source in an external file have its values', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      for (const written of runPython<Written>(join(scripts, 'write-virtual.py'), folder, seed, 10, 'raw')) {
        const what = `seed ${seed}, ${written.file}: ${written.what}`;
        const { variable, digest, selfContained } = await readElsewhere(written.file, [folder], 'virtual');
        assert.equal(variable.notComputable, '', what);
        assert.deepEqual(variable.shape, written.shape, what);
        assert.equal(digest, written.sha256, what);
        // Not to be taken again while this file stays as it is: others may change.
        assert.equal(selfContained, false, what);
      }
    });
  });

  it('of a source in two external files are only described', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [{ file }] = runPython<Written>(join(scripts, 'write-virtual.py'), folder, 1, 1, 'torn');
      const { variable } = await readElsewhere(file, [folder], 'virtual');
      assert.equal(variable.notComputable, 'its source data of torn_0.h5 lies in several places');
    });
  });

  it('of texts are only described', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [{ file }] = runPython<Written>(join(scripts, 'write-virtual.py'), folder, 1, 1, 'texts');
      const { variable } = await readElsewhere(file, [folder], 'virtual');
      assert.equal(variable.notComputable, 'its source data of . is kept in the index');
    });
  });

  it('of more blocks than a file should have are only described', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [{ file }] = runPython<Written>(join(scripts, 'write-virtual.py'), folder, 1, 1, 'strided');
      const { variable } = await readElsewhere(file, [folder], 'virtual');
      assert.equal(variable.notComputable, 'it takes too many blocks from its sources');
    });
  });

  it('that are their own source are only described', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [{ file }] = runPython<Written>(join(scripts, 'write-virtual.py'), folder, 1, 1, 'circle');
      const { variable } = await readElsewhere(file, [folder], 'virtual');
      assert.equal(variable.notComputable, 'its source virtual of . is virtual too');
    });
  });

  it('whose sources are not to be had are only described', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [written] = runPython<Written>(join(scripts, 'write-virtual.py'), folder, 1, 1, 'any');
      const inner = join(folder, 'below');
      await mkdir(inner);
      await rename(written.file, join(inner, 'virtual.h5'));
      const { variable } = await readElsewhere(join(inner, 'virtual.h5'), [inner], 'virtual');
      assert.equal(variable.notComputable, 'its source slices_0_0.h5 is not there');
      assert.deepEqual(variable.shape, written.shape);
    });
  });
});

describe('hdf5: datasets in external files (needs Python and h5py)', function () {
  this.timeout(60_000);

  it('are read as h5py reads them', async function () {
    if (!hasPython('h5py')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      const script = join(import.meta.dirname, 'foreign/write-external.py');
      for (const written of runPython<Written>(script, folder, seed, 20)) {
        const what = `seed ${seed}, ${written.file}: ${written.what}`;
        const { variable, digest } = await readElsewhere(written.file, [folder], 'external');
        assert.equal(variable.notComputable, '', what);
        assert.equal(digest, written.sha256, what);
      }
    });
  });
});

describe('hdf5: virtual datasets of their own file', () => {
  it('are computed, or say why not', async () => {
    const path = join(repository, 'fixtures/hdf5/virtual.h5');
    const { root } = await indexFile(memorySource(path, readFileSync(path)));
    assert.deepEqual(
      root!.variables.map(({ name, notComputable, layout }) => [name, notComputable || layout!.chunkShape]),
      [
        ['columns', [2, 3]],
        ['cut', 'it takes parts of the chunks of its sources'],
        ['rows', [2, 3]],
        ['series', [4, 6]],
        ['spaced', [1, 6]],
        ['stacked', [1, 4, 6]],
      ],
    );
  });
});
