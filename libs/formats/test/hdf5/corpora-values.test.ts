import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hasPython, runPython, sharedCorpora, toolPath, withTemporaryDirectory } from '@hyperslab/testing';
import { compareAttributes, compareValues, indexPath, type Reference, variablesOf } from './reference.ts';

const corpora = sharedCorpora();
const signature = Buffer.from('\x89HDF', 'latin1');
const script = join(import.meta.dirname, 'foreign/describe-files.py');

interface Counts {
  /** Datasets of which values are compared with h5py's. */
  compared: number;
  /** Datasets that are only described, by their reason. */
  described: Record<string, number>;
  /** Files that h5py can't read. */
  unread: string[];
}

const [compound, list, opaque, reference, nothing] = [
  'an element is a compound',
  'an element is a variable-length list',
  'an element is opaque bytes',
  'an element is a reference',
  'its dataspace is null',
];

const expected: Record<string, Counts & { folders: string[] }> = {
  'hdf5-json': {
    folders: ['data/hdf5'],
    compared: 1090,
    // Its external file could be read if more than the one file might be.
    described: {
      [compound]: 10,
      [reference]: 5,
      [list]: 2,
      [opaque]: 1,
      [nothing]: 16,
      'its external file': 1,
    },
    unread: ['tall_with_udlink.h5'],
  },
  'hdf5-pyfive': {
    folders: ['tests', 'tests/data'],
    compared: 102,
    described: { [reference]: 4, [opaque]: 2 },
    unread: [],
  },
  'hdf5-jhdf': {
    folders: ['jhdf/src/test/resources/hdf5'],
    compared: 2301,
    described: { [compound]: 37, [list]: 44, [opaque]: 4, [nothing]: 24 },
    unread: ['test_byteshuffle_compressed_datasets_latest.hdf5'],
  },
  'netcdf-c-files': {
    folders: ['nc_test4', 'ncdump', 'nczarr_test'],
    compared: 2173,
    described: { [compound]: 4 },
    unread: [],
  },
  'cf-compliance': {
    folders: ['compliance_checker/tests/data'],
    compared: 13,
    described: {},
    unread: [],
  },
  // What netCDF's DAP4 server has answered from.
  '../data/dap/dap4': {
    folders: ['nctestfiles'],
    compared: 37,
    described: { [compound]: 8, [list]: 5, [opaque]: 4 },
    unread: [],
  },
  'xarray-data': { folders: ['.'], compared: 4, described: {}, unread: [] },
};

/** Folders of texts in CDL, and of dumps, some of which need netCDF-4. */
const textFolders = [
  'netcdf-c-files/ncdump/cdl',
  'netcdf-c-files/ncdump/expected',
  'netcdf-c-files/nczarr_test',
  'cf-compliance',
];
/** What only netCDF-4 can hold. */
const needsNetcdf4 = /\b(group|types):|^\s*string /m;

describe('hdf5: datasets of the corpora as h5py reads them (needs ../shared/corpora and Python)', function () {
  this.timeout(120_000);
  for (const [corpus, { folders, compared, described, unread }] of Object.entries(expected)) {
    it(`${corpus}: ${compared} are compared, the others described`, async function () {
      if (corpora === undefined || !hasPython('h5py', 'hdf5plugin', 'netCDF4')) this.skip();
      const paths = folders.flatMap((folder) => hdf5Files(join(corpora, corpus, folder)));
      const counts: Counts = { compared: 0, described: {}, unread: [] };
      for (const reference of runPython<Reference & { path: string }>(script, ...paths)) {
        await compareFile(reference, counts);
      }
      assert.deepEqual(counts, { compared, described, unread });
    });
  }

  it('files that ncgen makes of CDL with groups, types and strings', async function () {
    const ncgen = toolPath('ncgen');
    if (corpora === undefined || ncgen === undefined || !hasPython('h5py', 'hdf5plugin', 'netCDF4'))
      this.skip();
    const texts = textFolders
      .flatMap((folder) =>
        readdirSync(join(corpora, folder), { recursive: true }).map((name) =>
          join(corpora, folder, String(name)),
        ),
      )
      .filter((path) => /\.(cdl|dmp)$/.test(path) && needsNetcdf4.test(readFileSync(path, 'utf8')));
    await withTemporaryDirectory(async (made) => {
      for (const [i, text] of texts.entries()) {
        try {
          execFileSync(ncgen, ['-k', 'nc4', '-o', join(made, `${i}.nc`), text], { stdio: 'ignore' });
        } catch {
          // Some texts are there to be refused.
        }
      }
      const paths = hdf5Files(made);
      const counts: Counts = { compared: 0, described: {}, unread: [] };
      for (const reference of runPython<Reference & { path: string }>(script, ...paths))
        await compareFile(reference, counts);
      assert.deepEqual(counts.unread, []);
      assert.deepEqual(Object.keys(counts.described).sort(), [compound, list, opaque].sort());
      // How many there are depends on what the version of ncgen takes.
      assert.ok(counts.compared > 100, `${counts.compared} compared`);
    });
  });
});

function hdf5Files(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(h5|hdf5|nc)$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path).includes(signature));
}

async function compareFile({ path, h5py }: Reference & { path: string }, counts: Counts): Promise<void> {
  if (h5py.error !== undefined) {
    counts.unread.push(basename(path));
    return;
  }
  const indexed = await indexPath(path);
  const variables = variablesOf(indexed.index.root);
  compareAttributes(indexed.index.root!.attributes, h5py.attributes, path);
  for (const [name, reference] of Object.entries(h5py.datasets)) {
    const variable = variables.get(name.replace('_nc4_non_coord_', ''));
    // Dimensions without values.
    if (variable === undefined) continue;
    const what = `${path}: ${name}`;
    compareAttributes(variable.attributes, reference.attributes, what);
    if (variable.notComputable !== '') {
      const reason = reasonKind(variable.notComputable);
      counts.described[reason] = (counts.described[reason] ?? 0) + 1;
    } else if (JSON.stringify(variable.shape) === JSON.stringify(reference.shape)) {
      await compareValues(indexed, variable, reference, what);
      if (reference.sha256 !== undefined || reference.strings !== undefined) counts.compared++;
    }
  }
}

/** A reason without what it says of the one dataset. */
function reasonKind(reason: string): string {
  return reason.replace(/ (of|tagged) .*|: .*|(?<=its external file).*/s, '');
}
