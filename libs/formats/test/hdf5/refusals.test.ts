import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';

const indexed = (bytes: Uint8Array) => indexFile(memorySource('mem:x.h5', bytes));

/** Where bytes, as a pattern of hexadecimal digits, are for the first time. */
function placeOf(bytes: Buffer, pattern: string): number {
  const found = new RegExp(`^((?:..)*?)${pattern}`).exec(bytes.toString('hex'));
  assert.ok(found !== null, pattern);
  return found[1].length / 2;
}

const signature = (text: string) => Buffer.from(text).toString('hex');

/** What is damaged in a file of the fixtures, and the refusal as docs/formats.md has it. */
const refusals: [
  what: string,
  file: string,
  damage: (bytes: Buffer) => unknown,
  reason: Reason,
  text: RegExp,
][] = [
  [
    'a truncated file',
    'chunk_indexes.h5',
    (bytes) => bytes.subarray(0, 5000),
    'FORMAT_CORRUPT',
    /^mem:x\.h5 at byte 5000: expected a file of \d+ bytes, as its superblock states, found the end of the object after 5000 bytes: it is truncated;/,
  ],
  [
    'a chunk past the end',
    'random_0.earliest.h5',
    (bytes) => {
      // A node of level 0 of a B-tree of chunks (type 1): its first key begins with the size of a chunk of one dimension.
      const node = placeOf(bytes, `${signature('TREE')}0100`);
      bytes.writeUInt32LE(bytes.length, node + 24);
    },
    'FORMAT_CORRUPT',
    /expected chunk \d+ of \d+ bytes, found an object of \d+ bytes/,
  ],
  [
    'a checksum of metadata',
    'types.latest.h5',
    (bytes) => {
      bytes[placeOf(bytes, signature('OHDR')) + 30] ^= 1;
    },
    'FORMAT_CORRUPT',
    /expected checksum 0x[0-9a-f]+ of the object header, found 0x[0-9a-f]+/,
  ],
  [
    'another signature',
    'random_0.earliest.h5',
    (bytes) => bytes.fill(0, placeOf(bytes, signature('SNOD')), placeOf(bytes, signature('SNOD')) + 4),
    'FORMAT_CORRUPT',
    /expected the signature SNOD, found 00 00 00 00/,
  ],
  [
    'another version',
    'random_0.earliest.h5',
    (bytes) => {
      // A dataspace message: type 1, its size, flags, version 1, rank.
      bytes[placeOf(bytes, '0100..000[01]000000010[0-4]0[01]00') + 8] = 9;
    },
    'FORMAT_CORRUPT',
    /expected version 1 or 2 of the dataspace message, found version 9/,
  ],
  [
    'structures that lead in a circle',
    'random_0.earliest.h5',
    (bytes) => {
      // A continuation message of 24 bytes that is the whole block that it leads to.
      const at = placeOf(bytes, '1000100000000000');
      bytes.writeBigUInt64LE(BigInt(at), at + 8);
      bytes.writeBigUInt64LE(24n, at + 16);
    },
    'FORMAT_CORRUPT',
    /expected an object header whose blocks are read once, found a continuation that leads back/,
  ],
  [
    'superblock 4',
    'types.latest.h5',
    (bytes) => {
      bytes[8] = 4;
    },
    'FORMAT_UNSUPPORTED',
    /superblock version 4 is not supported; write it with the library setting "v110" as its latest version/,
  ],
];

describe('hdf5: refusals read as documented', () => {
  for (const [what, file, damage, reason, text] of refusals) {
    it(what, async () => {
      const bytes = readFileSync(join(repository, 'fixtures/hdf5', file));
      await indexed(bytes);
      const damaged = damage(bytes);
      await assert.rejects(indexed(damaged instanceof Buffer ? damaged : bytes), (error) => {
        assert.ok(isHyperslabError(error, reason), String(error));
        assert.match(error.message, text);
        return true;
      });
    });
  }
});
