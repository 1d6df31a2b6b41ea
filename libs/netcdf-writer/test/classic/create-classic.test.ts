import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { createNetcdfClassic, type Netcdf4Definition } from '../../src/index.ts';

/** A file of one variable along two dimensions, whose texts are given. */
function definition(
  x: number,
  y: number,
  dtype: 'int8' | 'uint8' | 'string' = 'int8',
  unlimited = false,
): Netcdf4Definition {
  const chunks = { shape: [1, 1], deflateLevel: 0, shuffle: false };
  const stored = dtype === 'string' ? { values: Array<string>(x * y).fill('') } : { chunks };
  return {
    dimensions: [
      { name: 'x', length: x, unlimited },
      { name: 'y', length: y },
    ],
    attributes: [],
    variables: [
      {
        name: 't',
        dtype,
        dimensions: ['x', 'y'],
        attributes: [],
        ...stored,
      },
    ],
  };
}

describe('createNetcdfClassic', () => {
  it('takes the older format for what that holds', () =>
    withTemporaryDirectory(async (folder) => {
      const versionOf = async (...parameters: Parameters<typeof definition>) => {
        await using writer = await createNetcdfClassic(join(folder, 'a.nc'), definition(...parameters));
        return writer.version;
      };
      assert.equal(await versionOf(2 ** 30, 3), 2);
      assert.equal(await versionOf(2 ** 30 - 1, 4), 2);
      assert.equal(await versionOf(2 ** 30, 4), 5);
      assert.equal(await versionOf(1, 2 ** 31 - 1), 2);
      assert.equal(await versionOf(1, 2 ** 31), 5);
      assert.equal(await versionOf(2, 2, 'uint8'), 5);
      assert.deepEqual(await readdir(folder), []);
    }));

  it('leaves nothing of a file that lacks values, or got some past the end', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      const lacking = await createNetcdfClassic(path, definition(2, 3));
      await lacking.write('t', 0, Int8Array.of(1, 2, 3));
      await assert.rejects(lacking.close(), /"t": expected 6 values, got 3/);
      {
        await using writer = await createNetcdfClassic(path, definition(2, 4));
        await assert.rejects(writer.write('t', 7, Int8Array.of(1, 2)), /1 bytes past its end/);
      }
      assert.deepEqual(await readdir(folder), []);
    }));

  it('refuses what the format does not have', () =>
    withTemporaryDirectory(async (folder) => {
      const wrong: [Netcdf4Definition, RegExp][] = [
        [definition(0, 3), /dimension "x": is empty/],
        [definition(2, 3, 'int8', true), /dimension "x": is unlimited/],
        [definition(2, 3, 'string'), /"t": netCDF classic has no strings/],
      ];
      for (const [each, message] of wrong)
        await assert.rejects(
          createNetcdfClassic(join(folder, 'a.nc'), each),
          (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && message.test(error.message),
        );
      assert.deepEqual(await readdir(folder), []);
    }));
});
