import assert from 'node:assert/strict';
import { lookup3 } from '../../src/hdf5/lookup3.ts';

describe('lookup3', () => {
  // The values that driver5 of Jenkins's lookup3.c prints.
  const known: [string, number][] = [
    ['', 0xdeadbeef],
    ['Four score and seven years ago', 0x17770551],
  ];
  for (const [text, hash] of known)
    it(`of "${text}"`, () => assert.equal(lookup3(new TextEncoder().encode(text)), hash));

  it('depends on every byte, whatever the length', () => {
    for (let length = 1; length <= 40; length++) {
      const hashes = new Set([lookup3(new Uint8Array(length))]);
      for (let at = 0; at < length; at++) hashes.add(lookup3(new Uint8Array(length).fill(1, at, at + 1)));
      assert.equal(hashes.size, length + 1);
    }
  });
});
