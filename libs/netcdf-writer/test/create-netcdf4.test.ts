import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { createNetcdf4 } from '../src/create-netcdf4.ts';
import type { Netcdf4Definition, VariableDefinition } from '../src/definition.ts';
import { attribute } from './attribute.ts';

const field: VariableDefinition = {
  name: 't',
  dtype: 'float32',
  dimensions: ['y', 'x'],
  attributes: [attribute('_FillValue', 'float32', -9)],
  chunks: { shape: [40, 50], deflateLevel: 2, shuffle: true },
};
const definition: Netcdf4Definition = {
  dimensions: [
    { name: 'y', length: 100 },
    { name: 'x', length: 120 },
  ],
  attributes: [],
  variables: [field],
};

async function writeAll(path: string, order: (chunks: [number, number][]) => [number, number][]) {
  const file = await createNetcdf4(path, definition);
  const chunks = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column): [number, number] => [row, column]));
  for (const [row, column] of order(chunks)) {
    const count = Math.min(40, 100 - 40 * row) * Math.min(50, 120 - 50 * column);
    await file.writeChunk('t', [row, column], new Float32Array(count).fill(row * 10 + column));
  }
  await file.close();
  return readFile(path);
}

function refusal(pattern: RegExp, reason: Reason = 'INVALID_ARGUMENT') {
  return (error: unknown) => isHyperslabError(error, reason) && pattern.test(error.message);
}

describe('createNetcdf4', () => {
  it('writes the same bytes for the same calls', () =>
    withTemporaryDirectory(async (folder) => {
      const first = await writeAll(join(folder, 'a.nc'), (chunks) => chunks);
      assert.deepEqual(await writeAll(join(folder, 'b.nc'), (chunks) => chunks), first);
    }));

  it('keeps the metadata in front of all values', () =>
    withTemporaryDirectory(async (folder) => {
      const bytes = await writeAll(join(folder, 'a.nc'), (chunks) => chunks.reverse());
      const lastNode = bytes.lastIndexOf('TREE');
      const firstChunk = bytes.indexOf(Uint8Array.of(0x78, 0x5e));
      assert.ok(lastNode > 0 && lastNode < firstChunk, `${lastNode} and ${firstChunk}`);
      assert.ok(bytes.lastIndexOf('OHDR') < firstChunk);
    }));

  it('leaves nothing when it is not closed, and an existing file as it was', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, 'before');
      {
        await using file = await createNetcdf4(path, definition);
        await file.writeChunk('t', [0, 0], new Float32Array(2000));
        assert.equal(await readFile(path, 'utf8'), 'before');
      }
      assert.deepEqual(await readdir(folder), ['a.nc']);
      assert.equal(await readFile(path, 'utf8'), 'before');
    }));

  it('refuses chunks that are not of the variable', () =>
    withTemporaryDirectory(async (folder) => {
      await using file = await createNetcdf4(join(folder, 'a.nc'), definition);
      await assert.rejects(file.writeChunk('u', [0, 0], new Float32Array(2000)), refusal(/"u"/));
      await assert.rejects(file.writeChunk('t', [0, 3], new Float32Array(2000)), refusal(/outside its grid/));
      await assert.rejects(
        file.writeChunk('t', [0, 0], new Float32Array(1999)),
        refusal(/2000 values, got 1999/),
      );
      await assert.rejects(file.writeChunk('t', [0, 0], new Float64Array(2000)), refusal(/Float32Array/));
      await file.writeChunk('t', [0, 0], new Float32Array(2000));
      await assert.rejects(file.writeChunk('t', [0, 0], new Float32Array(2000)), refusal(/twice/));
    }));

  it('names a folder that is not there', async () => {
    await assert.rejects(
      createNetcdf4('/nowhere/at/all/a.nc', definition),
      refusal(/\/nowhere\/at\/all\/a\.nc: expected a file in a folder that exists/),
    );
  });
});

describe('a definition', () => {
  const refused: [string, Partial<VariableDefinition>, RegExp][] = [
    ['a slash in a name', { name: 'a/b' }, /"a\/b"/],
    ['a dimension that is not defined', { dimensions: ['y', 'z'] }, /dimension "z"/],
    ['chunks longer than the array', { chunks: { ...field.chunks!, shape: [40, 121] } }, /\[40, 121\]/],
    ['chunks of another rank', { chunks: { ...field.chunks!, shape: [40] } }, /\[40\]/],
    ['neither values nor chunks', { chunks: undefined }, /expected its values, or chunks/],
    ['values of another number', { values: new Float32Array(3) }, /expected 12000 values, got 3/],
    ['a _FillValue of another type', { attributes: [attribute('_FillValue', 'int16', 1)] }, /float32/],
    ['an attribute of netCDF itself', { attributes: [attribute('CLASS', 'char', 'x')] }, /"CLASS"/],
    ['an attribute twice', { attributes: [attribute('a', 'char', ''), attribute('a', 'char', '')] }, /"a"/],
    ['a number that its type does not hold', { attributes: [attribute('a', 'int8', 200)] }, /200 is no int8/],
  ];
  for (const [what, change, pattern] of refused)
    it(`is refused for ${what}`, async () => {
      const variables = [{ ...field, ...change }];
      await assert.rejects(createNetcdf4('unused.nc', { ...definition, variables }), refusal(pattern));
    });

  it('is refused for an attribute over 64 KiB', async () => {
    const attributes = [attribute('history', 'char', 'x'.repeat(70_000))];
    await assert.rejects(
      createNetcdf4('unused.nc', { ...definition, attributes }),
      refusal(/the file/, 'TOO_LARGE'),
    );
  });
});
