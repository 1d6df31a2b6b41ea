import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { memorySource } from '@hyperslab/storage';
import { hasPython, runPython, skip, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import { assertAsReference, type ReferenceFile } from './reference.ts';

const script = join(import.meta.dirname, 'foreign/write-random.py');

describe('netcdf3: random files of all three kinds (needs Python and netCDF4)', function () {
  this.timeout(60_000);

  it('are read as netCDF-C reads them', async function () {
    if (!hasPython('netCDF4')) skip(this, 'no netCDF4; "npm test" installs it');
    await withTemporaryDirectory((folder) =>
      withRandomSeed(async (seed) => {
        const [described] = runPython<Record<string, ReferenceFile>>(script, folder, seed, 80);
        for (const [path, reference] of Object.entries(described))
          await assertAsReference(memorySource(basename(path), await readFile(path)), reference);
      }),
    );
  });
});
