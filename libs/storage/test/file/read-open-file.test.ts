import assert from 'node:assert/strict';
import { readSync } from 'node:fs';
import { mkdir, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { type ByteSource, createStorage, type ReadAtOnce } from '../../src/index.ts';
import { patternBytes, rejectsWith } from '../store-contract.ts';

const size = 40_000;
const content = patternBytes(size);
const ranges = [
  { offset: 30_000, length: 5_000 },
  { offset: 10, length: 100 },
  { offset: 50, length: 3_000 },
];

/** A file below a folder of its own, and how often its bytes were read at once. `most` bytes are in memory. */
async function withFile(
  body: (source: ByteSource, path: string, calls: () => number) => Promise<void>,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    await mkdir(join(folder, 'run'));
    const path = join(folder, 'run/a.nc');
    await writeFile(path, content);
    let calls = 0;
    const readAtOnce: ReadAtOnce = (fd, into, position) => {
      calls++;
      return readSync(fd, into, 0, Math.min(most, into.length), position);
    };
    const storage = createStorage({ roots: [folder], readAtOnce });
    await body(storage.open(path), path, () => calls);
    await storage.close();
  });
}

function assertRanges(read: readonly Uint8Array[]): void {
  ranges.forEach(({ offset, length }, i) => {
    assert.deepEqual(Buffer.from(read[i]), Buffer.from(content.subarray(offset, offset + length)));
  });
}

describe('files that are open, by what memory has of them', () => {
  it('are read at once, as soon as they are open, into memory that is given', () =>
    withFile(async (source, _path, calls) => {
      assertRanges(await source.read(ranges));
      const opening = calls();
      assert.ok(opening > 0);
      const expect = await source.stat();
      const given: Uint8Array[] = [];
      const allocate = (length: number) => {
        given.push(new Uint8Array(length));
        return given.at(-1)!;
      };
      const requests: number[] = [];
      const onRequest = ({ length }: { length: number }) => requests.push(length);
      assertRanges(await source.read(ranges, { expect, allocate, onRequest }));
      assert.equal(calls() - opening, requests.length);
      assert.deepEqual(
        given.map(({ length }) => length),
        requests,
      );
    }));

  it('are read in the usual way where memory has only a part', () =>
    withFile(async (source, _path, calls) => {
      for (let i = 0; i < 3; i++) assertRanges(await source.read(ranges));
      assert.ok(calls() > 0);
    }, 1_000));

  it('are not taken for others that took their place', () =>
    withFile(async (source, path) => {
      const expect = await source.stat();
      await source.read(ranges, { expect });
      await writeFile(`${path}.new`, patternBytes(size).reverse());
      // The kernel's clock ticks every few milliseconds; the two files may have been written within one tick.
      await utimes(`${path}.new`, 1e9, 1e9);
      await rename(`${path}.new`, path);
      assert.notEqual((await source.stat()).file?.inode, expect.file?.inode);
      await rejectsWith('OBJECT_CHANGED', source.read(ranges, { expect }), /last modification/);
      const [first] = await source.read([{ offset: 0, length: 10 }]);
      assert.deepEqual(Buffer.from(first), Buffer.from(content.slice(-10).reverse()));
    }));

  it('that are cut off are told as ever', () =>
    withFile(async (source, path) => {
      const expect = await source.stat();
      await source.read(ranges, { expect });
      await truncate(path, 5);
      await rejectsWith('OBJECT_CHANGED', source.read(ranges, { expect }), /expected 40000 bytes, found 5/);
      await rejectsWith('SHORT_READ', source.read(ranges), /found 0; it was cut off/);
    }));

  it('that are gone, or whose path leads in a circle, are told as ever', () =>
    withFile(async (source, path) => {
      const folder = join(path, '..');
      await source.read(ranges);
      await rename(folder, `${folder}-gone`);
      await rejectsWith('OBJECT_NOT_FOUND', source.stat());
      await rejectsWith('OBJECT_NOT_FOUND', source.read(ranges));
      await rename(`${folder}-gone`, folder);
      await source.read(ranges);
      await rename(folder, `${folder}-gone`);
      await symlink(folder, folder);
      await rejectsWith('OBJECT_NOT_FOUND', source.read(ranges), /in a circle/);
    }));
});
