import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';

/** The texts of two attributes: `text` is of variable length and in a heap, `fixed` in its message. */
async function textsOf(bytes: Buffer): Promise<Record<string, string[]>> {
  const { root } = await indexFile(memorySource('mem:file', bytes));
  const owner = root!.groups.find(({ name }) => name === 'owner')!;
  const find = (name: string) => owner.attributes.find((attribute) => attribute.name === name)!.strings;
  return { text: find('text'), fixed: find('fixed') };
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  assert.equal(bytes.indexOf(from), bytes.lastIndexOf(from), `"${from}" is in the file once`);
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from));
  return copy;
}

describe('hdf5: attributes that other files had', () => {
  it('are those of their own file, wherever their values lie', async () => {
    const original = await readFile(join(repository, 'fixtures/hdf5/types.earliest.h5'));
    const otherHeap = replaced(original, 'μ', 'ν');
    const otherMessage = replaced(original, 'abc', 'abd');
    for (let pass = 0; pass < 2; pass++) {
      assert.deepEqual(await textsOf(original), { text: ['μ'], fixed: ['abc'] });
      assert.deepEqual(await textsOf(otherHeap), { text: ['ν'], fixed: ['abc'] });
      assert.deepEqual(await textsOf(otherMessage), { text: ['μ'], fixed: ['abd'] });
    }
  });

  it('may be more than are kept', async function () {
    this.timeout(60_000);
    const original = await readFile(join(repository, 'fixtures/hdf5/types.earliest.h5'));
    for (let number = 0; number < 4_200; number++) {
      const letters = [number, number / 26, number / 676].map((digit) => 97 + (Math.floor(digit) % 26));
      const name = String.fromCharCode(...letters);
      const other = replaced(original, 'abc', name);
      assert.deepEqual(await textsOf(other), { text: ['μ'], fixed: [name] });
    }
  });
});
