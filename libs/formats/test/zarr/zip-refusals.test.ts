import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';

const archive = readFileSync(join(repository, 'fixtures/zarr/run.zarr.zip'));

/** The place in the central directory of the first member whose name ends so (.ZIP File Format Specification 4.3.12). */
function entryOf(bytes: Buffer, ending: string): number {
  for (let at = bytes.readUInt32LE(bytes.length - 6); bytes.readUInt32LE(at) === 0x02014b50; ) {
    const lengths = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    if (bytes.toString('utf8', at + 46, at + 46 + lengths[0]).endsWith(ending)) return at;
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return assert.fail(`no member that ends in ${ending}`);
}

/** All root metadata are one folder down, half of them in another: two stores. */
function inTwoFolders(bytes: Buffer): void {
  const at = entryOf(bytes, 'zarr.json');
  assert.equal(bytes.toString('utf8', at + 46, at + 55), 'zarr.json');
  // Of the root of the archive no metadata are left; those of its arrays are equally near to the top.
  bytes.write('zarr.text', at + 46);
}

describe('zarr: refusals of zip archives read as documented', () => {
  const refusals: [what: string, damage: (bytes: Buffer) => unknown, text: RegExp][] = [
    [
      'encrypted members',
      (bytes) => bytes.writeUInt16LE(1, entryOf(bytes, 'zarr.json') + 8),
      /^mem:x\.zip at byte \d+: member "zarr\.json", which is encrypted, is not supported/,
    ],
    [
      'members of another compression',
      (bytes) => bytes.writeUInt16LE(93, entryOf(bytes, 'zarr.json') + 10),
      /member "zarr\.json", which is compressed by method 93, is not supported/,
    ],
    ['two stores', inTwoFolders, /a zip archive of [2-9] Zarr stores is not supported; unpack it/],
  ];
  for (const [what, damage, text] of refusals) {
    it(what, async () => {
      const bytes = Buffer.from(archive);
      damage(bytes);
      await assert.rejects(indexFile(memorySource('mem:x.zip', bytes)), (error) => {
        assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'), String(error));
        assert.match(error.message, text);
        return true;
      });
    });
  }
});
