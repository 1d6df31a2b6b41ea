import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../src/index.ts';

const folder = join(repository, 'fixtures');

describe('bytes of a source', () => {
  for (const name of globSync('{hdf5,netcdf3}/*.{h5,nc}', { cwd: folder }).toSorted()) {
    it(`${name} are as they were after they were indexed, also where they are a Buffer`, async () => {
      // Of which "slice" is a view: what changes that changes the file.
      const bytes = Buffer.from(await readFile(join(folder, name)));
      const before = new Uint8Array(bytes);
      const first = await indexFile(memorySource(`mem:${name}`, bytes));
      assert.deepEqual(new Uint8Array(bytes), before);
      assert.deepEqual(await indexFile(memorySource(`mem:${name}`, bytes)), first);
    });
  }
});
