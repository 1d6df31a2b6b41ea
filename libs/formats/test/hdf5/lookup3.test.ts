import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { lookup3, verifyChecksum } from '../../src/hdf5/lookup3.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('lookup3', () => {
  it('gives the values that Jenkins states in the comments of lookup3.c', () => {
    assert.equal(lookup3(bytes('')), 0xdeadbeef);
    assert.equal(lookup3(bytes('Four score and seven years ago')), 0x17770551);
  });

  it('depends on each byte, whatever the length', () => {
    for (let length = 1; length <= 40; length++) {
      const plain = new Uint8Array(length);
      const hashes = new Set([lookup3(plain)]);
      for (let i = 0; i < length; i++) {
        const changed = plain.slice();
        changed[i] = 1;
        hashes.add(lookup3(changed));
      }
      assert.equal(hashes.size, length + 1, `length ${length}`);
    }
  });

  it('refuses bytes that were changed, naming the place of the checksum', () => {
    const sound = new Uint8Array(34);
    sound.set(bytes('Four score and seven years ago'));
    new DataView(sound.buffer).setUint32(30, 0x17770551, true);
    verifyChecksum('mem:a', 100, sound, 'node');
    sound[3] ^= 1;
    assert.throws(
      () => verifyChecksum('mem:a', 100, sound, 'node'),
      (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && error.details.offset === '130',
    );
  });
});
