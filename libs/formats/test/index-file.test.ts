import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { type ByteSource, createStorage, memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../src/index.ts';

async function rejectsWith(reason: Reason, promise: Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

const classic = () => new Uint8Array(readFileSync(join(repository, 'fixtures/netcdf3/cdf1_every_type.nc')));

describe('indexing a file', () => {
  it('tells its format, its state and what it took', async () => {
    const bytes = classic();
    const index = await indexFile(memorySource('file:///a.nc', bytes));
    assert.equal(index.format, 'netcdf3');
    assert.equal(index.url, 'file:///a.nc');
    assert.deepEqual(index.version, { size: bytes.length, etag: '', modifiedUs: 0 });
    assert.equal(index.bytesRead, bytes.length);
  });

  it('tells whether it is of this object alone', async () => {
    const storage = createStorage({ roots: [join(repository, 'fixtures')] });
    const isAlone = async (path: string) => {
      const source = storage.open(pathToFileURL(join(repository, 'fixtures', path)).href);
      return (await indexFile(source, { storage })).selfContained;
    };
    assert.equal(await isAlone('netcdf3/cdf1_every_type.nc'), true);
    assert.equal(await isAlone('hdf5/filters.h5'), true);
    // Its sources are in it.
    assert.equal(await isAlone('hdf5/virtual.h5'), true);
    for (const root of ['run0.zarr/.zmetadata', 'run1.zarr/.zgroup', 'sharded.zarr/zarr.json'])
      assert.equal(await isAlone(`zarr/${root}`), false, root);
    await storage.close();
  });

  it('says what a file is that it does not know', async () => {
    for (const [content, found] of [
      ['', /^x: expected one of the formats netcdf3, .*found an empty object/],
      ['<html>Please log in</html>', /HTML page/],
      ['GRIB....', /GRIB message/],
      ['CD', /text beginning "CD"/],
    ] as const) {
      await rejectsWith('FORMAT_UNKNOWN', indexFile(memorySource('x', Buffer.from(content))), found);
    }
  });

  it('insists on one state of the file', async () => {
    const bytes = classic();
    const source = memorySource('x', bytes);
    const changing: ByteSource = {
      ...source,
      stat: async () => ({ size: bytes.length + 1, etag: '', modifiedUs: 0 }),
    };
    await rejectsWith('OBJECT_CHANGED', indexFile(changing), /publish it again/);
  });

  it('stops when nobody wants it any more', async () => {
    await rejectsWith(
      'CANCELLED',
      indexFile(memorySource('x', classic()), { signal: AbortSignal.abort() }),
      /./,
    );
  });
});
