import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, runPython, sharedCorpora } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';
import { type MemoryStore, storageOf, valuesOf } from './reference.ts';

const script = join(import.meta.dirname, 'foreign/describe-texts.py');

describe('zarr: texts of any length', function () {
  this.timeout(30_000);
  it('are decoded as numcodecs stored them (needs ../shared/corpora and Python)', async function () {
    if (sharedCorpora() === undefined || !hasPython('numpy')) this.skip();
    const folder = join(sharedCorpora()!, 'zarr-numcodecs/fixture/vlen-utf8');
    const arrays = readdirSync(folder).filter((name) => name.endsWith('.npy'));
    assert.equal(arrays.length, 4);
    const expected = runPython<string[]>(script, ...arrays.map((name) => join(folder, name)));
    for (const [i, name] of arrays.entries()) {
      const chunk = readFileSync(
        join(folder, 'codec.00', name.replace('array', 'encoded').replace('npy', 'dat')),
      );
      assert.deepEqual(await textsOf(chunk, expected[i].length), expected[i], name);
    }
  });

  it('keep a byte order mark, which is a character like others', async () => {
    const text = Buffer.from('\ufeffa');
    const chunk = Buffer.concat([new Uint8Array([1, 0, 0, 0, text.length, 0, 0, 0]), text]);
    assert.deepEqual(await textsOf(chunk, 1), ['\ufeffa']);
  });
});

/** Texts of a store of one chunk. */
async function textsOf(chunk: Uint8Array, count: number): Promise<unknown[]> {
  const metadata = {
    zarr_format: 2,
    shape: [count],
    chunks: [count],
    dtype: '|O',
    compressor: null,
    filters: [{ id: 'vlen-utf8' }],
    fill_value: '',
    order: 'C',
  };
  const files: MemoryStore = new Map([
    ['.zarray', Buffer.from(JSON.stringify(metadata))],
    ['0', chunk],
  ]);
  const storage = storageOf(files);
  const index = await indexFile(storage.open('mem:/x/.zarray'), { storage });
  const [variable] = index.root!.variables;
  return [...(await valuesOf({ storage, index, variables: new Map() }, variable)).values];
}
