import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegion } from '@hyperslab/kernels';
import { type ByteSource, memorySource, type ReadOptions } from '@hyperslab/storage';
import { withinLimits, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import { KeptRanges, openKeptRanges, withKeptRanges } from '../../src/index.ts';

const plain = (length: number) => new Uint8Array(length);

function bytesOf(length: number, start = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => start + at * 7);
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('ranges that are kept on disk', () => {
  it('are there again, also for another thread and after a restart', () =>
    withTemporaryDirectory(async (folder) => {
      const share = await openKeptRanges(folder, 2 ** 20);
      const [one, two] = [new KeptRanges(share, 1), new KeptRanges(share, 2)];
      assert.equal(await one.read('a', 100, plain), undefined);
      const bytes = bytesOf(100);
      const written = one.write('a', bytes);
      bytes.fill(0);
      await written;
      assert.deepEqual(await two.read('a', 100, plain), bytesOf(100));
      const restarted = new KeptRanges(await openKeptRanges(folder, 2 ** 20), 1);
      assert.equal(restarted.bytes, 4096);
      using tile = openRegion();
      const inArena = await restarted.read('a', 100, (length) => tile.array('uint8', length) as Uint8Array);
      assert.deepEqual(Buffer.from(inArena!), Buffer.from(bytesOf(100)));
    }));

  it('take no more of the disk than they may, and leave nothing else', () =>
    withTemporaryDirectory(async (folder) => {
      await mkdir(join(folder, 'strange'));
      await writeFile(join(folder, `${'0'.repeat(32)}.1-5`), 'half of a range');
      const limit = 50 * 4096;
      const kept = new KeptRanges(await openKeptRanges(folder, limit), 1);
      await Promise.all(Array.from({ length: 200 }, (_, at) => kept.write(String(at), bytesOf(4000))));
      await kept.write('larger than all', bytesOf(limit));
      assert.ok(kept.bytes > limit / 2 && kept.bytes <= limit);
      assert.equal((await readdir(folder)).length, kept.bytes / 4096);
      assert.ok((await sizeOf(folder)) <= limit);
      // With less room after a restart, as many as fit.
      const less = new KeptRanges(await openKeptRanges(folder, 10 * 4096), 1);
      assert.equal(less.bytes, 10 * 4096);
      assert.equal((await readdir(folder)).length, 10);
    }));

  it('are no more than there is a place for, after a restart with less room', () =>
    withTemporaryDirectory(async (folder) => {
      const before = new KeptRanges(await openKeptRanges(folder, 2 ** 23), 1);
      await Promise.all(Array.from({ length: 400 }, (_, at) => before.write(String(at), bytesOf(100))));
      assert.equal((await readdir(folder)).length, 400);
      const less = new KeptRanges(await openKeptRanges(folder, 2 ** 21), 1);
      assert.equal(less.bytes, 256 * 4096);
      assert.equal((await readdir(folder)).length, 256);
    }));

  it('are not there when they are damaged in any way, and are written anew', () =>
    withTemporaryDirectory((folder) =>
      withRandomSeed(async (seed) => {
        let state = seed;
        const random = () => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
          return state / 2 ** 32;
        };
        const kept = new KeptRanges(await openKeptRanges(folder, 2 ** 20), 1);
        for (let round = 0; round < 100; round++) {
          const bytes = bytesOf(1 + Math.floor(random() * 3000), round);
          await kept.write('a', bytes);
          const path = join(folder, (await readdir(folder))[0]);
          const content = await readFile(path);
          const what = Math.floor(random() * 4);
          if (what === 0) await truncate(path, Math.floor(random() * content.length));
          else if (what === 1)
            await writeFile(path, Buffer.from(content).fill(round, Math.floor(random() * 32)));
          else if (what === 2) {
            content[Math.floor(random() * content.length)] ^= 1 << Math.floor(random() * 8);
            await writeFile(path, content);
          } else
            await writeFile(path, Buffer.concat([content, content]).subarray(Math.floor(random() * 40) + 1));
          const found = await withinLimits(() => kept.read('a', bytes.length, plain));
          if (found !== undefined) assert.deepEqual(found, bytes);
        }
        assert.ok((await readdir(folder)).length <= 1);
      }),
    ));

  it('are no failure when the disk takes nothing', () =>
    withTemporaryDirectory(async (folder) => {
      const share = await openKeptRanges(join(folder, 'gone'), 2 ** 20);
      const kept = new KeptRanges({ ...share, folder: join(folder, 'not', 'there') }, 1);
      await kept.write('a', bytesOf(10));
      assert.equal(await kept.read('a', 10, plain), undefined);
      assert.equal(kept.bytes, 0);
    }));
});

describe('an object whose ranges are kept on disk', () => {
  const content = bytesOf(10_000);
  const expect = { size: content.length, etag: '"one"', modifiedUs: 0 };
  const ranges = [
    { offset: 0, length: 100 },
    { offset: 5000, length: 700 },
  ];

  /** An object of a distant store, and what was read of it. */
  function distant(): { source: ByteSource; reads: number[] } {
    const inner = memorySource('https://store/object', content);
    const reads: number[] = [];
    const read = (wanted: typeof ranges, options?: ReadOptions) => {
      reads.push(wanted.length);
      return inner.read(wanted, { ...options, expect: undefined });
    };
    return { source: { ...inner, url: 'https://store/object', stat: inner.stat, read } as ByteSource, reads };
  }

  /** Waits until so many ranges have their names: they are counted before. */
  async function untilWritten(folder: string, ranges: number): Promise<void> {
    const written = async () => (await readdir(folder)).filter((name) => !name.includes('.')).length;
    for (let looks = 0; looks < 500 && (await written()) < ranges; looks++)
      await new Promise((done) => setTimeout(done, 10));
  }

  it('is fetched as far as they are not there', () =>
    withTemporaryDirectory(async (folder) => {
      const kept = new KeptRanges(await openKeptRanges(folder, 2 ** 20), 1);
      const { source, reads } = distant();
      const object = withKeptRanges(source, kept);
      await object.read([ranges[0]], { expect });
      await untilWritten(folder, 1);
      const values = await object.read(ranges, { expect });
      assert.deepEqual(reads, [1, 1]);
      assert.deepEqual(
        values.map((each) => Buffer.from(each)),
        ranges.map(({ offset, length }) => Buffer.from(content.subarray(offset, offset + length))),
      );
      await untilWritten(folder, 2);
      await object.read(ranges, { expect });
      assert.deepEqual(reads, [1, 1]);
      // Another state has other bytes.
      await object.read(ranges, { expect: { ...expect, etag: '"two"' } });
      assert.deepEqual(reads, [1, 1, 2]);
      // The folder can't be removed while something is written to it.
      await untilWritten(folder, 4);
    }));

  it('is fetched each time when nobody knows its state, and so are our own files', () =>
    withTemporaryDirectory(async (folder) => {
      const kept = new KeptRanges(await openKeptRanges(folder, 2 ** 20), 1);
      const { source, reads } = distant();
      const object = withKeptRanges(source, kept);
      for (const unsure of [undefined, { size: content.length, etag: '', modifiedUs: 0 }])
        for (let time = 0; time < 2; time++) await object.read(ranges, { expect: unsure });
      assert.equal(reads.length, 4);
      const file = { ...source, url: 'file:///data/object' };
      assert.equal(withKeptRanges(file, kept), file);
    }));
});
