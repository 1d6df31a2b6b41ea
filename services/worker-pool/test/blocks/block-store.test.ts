import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { joinParts, partOf, splitParts } from '@hyperslab/expression';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { BlockStore } from '../../src/blocks/block-store.ts';
import { SpillFolder } from '../../src/blocks/spill-folder.ts';

function block(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

const key = (task: number, jobId = 'j', stage = 0, listing = '') => ({ jobId, stage, task, listing });

describe('block store', () => {
  it('keeps memory within its share and reads back what it spilled, coldest first', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 250);
      await store.put(key(0), block(100, 1));
      await store.put(key(1), block(100, 2));
      await store.get(key(0));
      await store.put(key(2), block(100, 3));
      assert.equal(store.memoryBytes, 200);
      assert.equal(store.spilledBytes, 100);
      for (const task of [0, 1, 2])
        assert.deepEqual(Buffer.from((await store.get(key(task)))!.bytes), Buffer.alloc(100, task + 1));
      assert.equal(await store.get(key(3)), undefined);
    }));

  it('holds several blocks at once, or none of them', () =>
    withTemporaryDirectory(async (path) => {
      const folder = await SpillFolder.open(path);
      const store = new BlockStore(folder, 250);
      const all = [0, 1, 2].map((task) => ({ key: key(task), bytes: block(100, task) }));
      await store.putAll(all);
      assert.deepEqual([store.memoryBytes, store.spilledBytes], [200, 100]);
      folder.write = () => Promise.reject(new HyperslabError('DISK_FULL', 'full'));
      const more = [3, 4, 5].map((task) => ({ key: key(task), bytes: block(100, task) }));
      await assert.rejects(store.putAll(more), (error) => isHyperslabError(error, 'DISK_FULL'));
      assert.deepEqual([store.memoryBytes, store.spilledBytes], [200, 100]);
      const held = store.held(() => '').flatMap(({ tasks }) => tasks);
      assert.deepEqual(held, [0, 1, 2]);
    }));

  it('frees memory and disk at once when a job or a stage is forgotten', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 150);
      await store.put(key(0), block(100, 1));
      await store.put(key(1, 'j', 1), block(100, 2));
      await store.put(key(0, 'k'), block(100, 3));
      store.forget('j', 0);
      assert.equal(await store.get(key(0)), undefined);
      assert.ok(await store.get(key(1, 'j', 1)));
      store.forget('j');
      store.forget('k');
      assert.equal(store.memoryBytes + store.spilledBytes, 0);
      assert.deepEqual(
        store.held(() => 'f'),
        [],
      );
    }));

  it('does not hold a block that neither memory nor disk has room for', () =>
    withTemporaryDirectory(async (path) => {
      const folder = await SpillFolder.open(path);
      const store = new BlockStore(folder, 100);
      folder.write = () => Promise.reject(new HyperslabError('DISK_FULL', 'full'));
      await store.put(key(0), block(100, 1));
      await assert.rejects(store.put(key(1), block(100, 2)), (error) => isHyperslabError(error, 'DISK_FULL'));
      assert.equal(await store.get(key(1)), undefined);
      assert.ok(await store.get(key(0)));
      assert.equal(store.memoryBytes, 100);
    }));

  it('leaves a block to another worker when the disk here takes nothing', () =>
    withTemporaryDirectory(async (path) => {
      const folder = await SpillFolder.open(path);
      const store = new BlockStore(folder, 100);
      await store.put(key(0), block(100, 1));
      await rm(folder.path, { recursive: true });
      await assert.rejects(
        store.put(key(1), block(100, 2)),
        (error) => isHyperslabError(error, 'STORAGE_UNAVAILABLE') && error.message.includes(folder.path),
      );
      assert.equal(await store.get(key(1)), undefined);
      assert.ok(await store.get(key(0)));
    }));

  it('refuses bytes that the disk changed', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 0);
      await store.put(key(0), block(100, 1));
      const folder = join(path, String(process.pid), 'spill');
      const [name] = await readdir(folder);
      const bytes = await readFile(join(folder, name));
      bytes[50] ^= 1;
      await writeFile(join(folder, name), bytes);
      await assert.rejects(store.get(key(0)), (error) => isHyperslabError(error, 'CHECKSUM_MISMATCH'));
    }));

  it('gives up a block that the disk lost or changed, and says so', () =>
    withTemporaryDirectory(async (path) => {
      const lost: number[] = [];
      const store = new BlockStore(await SpillFolder.open(path), 0, ({ task }) => lost.push(task));
      await store.put(key(0), block(100, 1));
      await store.put(key(1), block(100, 2));
      const folder = join(path, String(process.pid), 'spill');
      const [first, second] = (await readdir(folder)).sort();
      await rm(join(folder, first));
      await writeFile(join(folder, second), block(100, 3));
      await assert.rejects(store.get(key(0)), (error) => isHyperslabError(error, 'BLOCK_NOT_FOUND'));
      await assert.rejects(store.get(key(1)), (error) => isHyperslabError(error, 'CHECKSUM_MISMATCH'));
      assert.deepEqual(lost, [0, 1]);
      assert.equal(await store.get(key(0)), undefined);
      assert.equal(store.spilledBytes, 0);
    }));

  it('holds blocks of two listings apart', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 1000);
      await store.put(key(0, 'j', 1, 'old'), block(100, 1));
      assert.equal(await store.get(key(0, 'j', 1, 'new')), undefined);
      await store.put(key(0, 'j', 1, 'new'), block(100, 2));
      assert.equal((await store.get(key(0, 'j', 1, 'old')))?.bytes[0], 1);
      store.forget('j', 1);
      assert.equal(store.memoryBytes, 0);
    }));

  it('forgets a stage of more blocks than a call takes arguments', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 2 ** 20);
      const bytes = block(1, 1);
      await store.putAll(Array.from({ length: 300_000 }, (_, task) => ({ key: key(task), bytes })));
      store.forget('j');
      assert.equal(store.memoryBytes, 0);
      assert.deepEqual(
        store.held(() => ''),
        [],
      );
    }));

  it('removes what processes that are gone have left', () =>
    withTemporaryDirectory(async (path) => {
      const { mkdir } = await import('node:fs/promises');
      await mkdir(join(path, '99999999', 'spill'), { recursive: true });
      await SpillFolder.open(path);
      assert.deepEqual(await readdir(path), [String(process.pid)]);
    }));

  it('accounts for every byte under any sequence of puts and forgets', () =>
    withTemporaryDirectory(async (path) => {
      const folder = await SpillFolder.open(path);
      const step = fc.record({
        job: fc.nat(2),
        stage: fc.nat(1),
        task: fc.nat(3),
        size: fc.nat(60),
        forget: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const store = new BlockStore(folder, 100);
          const expected = new Map<string, number>();
          await Promise.all(
            steps.map(({ job, stage, task, size, forget }) => {
              if (!forget || size > 30) {
                expected.set(`${job}/${stage}/${task}`, size);
                return store.put(key(task, `${job}`, stage), block(size, size));
              }
              for (const name of [...expected.keys()])
                if (name.startsWith(`${job}/${stage}/`)) expected.delete(name);
              return store.forget(`${job}`, stage);
            }),
          );
          const total = [...expected.values()].reduce((sum, size) => sum + size, 0);
          assert.equal(store.memoryBytes + store.spilledBytes, total);
          assert.ok(store.memoryBytes <= 100);
          for (const [name, size] of expected) {
            const [jobId, stage, task] = name.split('/');
            const found = await store.get(key(Number(task), jobId, Number(stage)));
            assert.deepEqual(Buffer.from(found!.bytes), Buffer.alloc(size, size));
          }
        }),
        { numRuns: 50 },
      );
    }));

  it('gives the memory of a large block back once it is forgotten and whoever got it has said that it is used', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 16 * 2 ** 20);
      const large = new Uint8Array(2 ** 20).fill(7);
      await store.put(key(0), large);
      const [first, second] = [await store.get(key(0)), await store.get(key(0))];
      first?.[Symbol.dispose]();
      first?.[Symbol.dispose]();
      store.forget('j');
      assert.ok(large.every((byte) => byte === 7));
      assert.equal(large.length, 2 ** 20);
      second?.[Symbol.dispose]();
      assert.equal(large.length, 0);
    }));

  it('gives the memory of a large block back when it is on disk, and none that another block lies in', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 2 ** 20);
      const packed = new Uint8Array(2 ** 20).fill(1);
      const alone = new Uint8Array(2 ** 20).fill(2);
      await store.putAll([
        { key: key(0), bytes: packed.subarray(0, 2 ** 19) },
        { key: key(1), bytes: packed.subarray(2 ** 19) },
      ]);
      await store.put(key(2), alone);
      await store.setLimit(0);
      assert.equal(packed.length, 2 ** 20);
      assert.equal(alone.length, 0);
      using back = await store.get(key(2));
      assert.ok(back?.bytes.length === 2 ** 20 && back.bytes.every((byte) => byte === 2));
    }));

  it('brings a block that threads read to memory that they share, once', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 16 * 2 ** 20);
      const own = new Uint8Array(2 ** 20).fill(3);
      await store.put(key(0), own);
      await store.put(key(1), block(100, 4));
      const reader = await store.get(key(0));
      const [first, second] = [await store.getShared(key(0)), await store.getShared(key(0))];
      assert.ok(first?.bytes.buffer instanceof SharedArrayBuffer);
      assert.equal(second?.bytes, first.bytes);
      assert.ok(first.bytes.every((byte) => byte === 3));
      assert.equal(store.memoryBytes, 2 ** 20 + 100);
      assert.equal(own.length, 2 ** 20);
      for (const lent of [first, second, reader]) lent?.[Symbol.dispose]();
      assert.equal(own.length, 0);
      assert.deepEqual((await store.getShared(key(1)))?.bytes, block(100, 4));
      assert.equal(await store.getShared(key(2)), undefined);
    }));

  it('gives parts of blocks in memory and on disk, and refuses those that the disk changed', () =>
    withTemporaryDirectory(async (path) => {
      const partBlock = (value: number) => {
        const parts = [0, 1].map((part) => new Uint8Array(500).fill(10 * value + part));
        return joinParts(parts.map((bytes) => ({ bytes, crc32: crc32(bytes) })));
      };
      const lost: number[] = [];
      const store = new BlockStore(await SpillFolder.open(path), 1_500, ({ task }) => lost.push(task));
      for (const task of [1, 2, 3]) await store.put(key(task), partBlock(task));
      assert.ok(store.spilledBytes > 0 && store.memoryBytes > 0);
      const parts = { tasks: [3, 1, 2, 1], parts: [1, 0, 1, 1] };
      const read = async () =>
        splitParts((await store.get({ ...key(3), parts }))!.bytes).map(({ bytes }) => bytes[0]);
      assert.deepEqual(await read(), [31, 10, 21, 11]);
      assert.equal(store.missing({ ...key(3), parts }), undefined);
      assert.deepEqual(store.missing({ ...key(3), parts: { tasks: [3, 9], parts: [0, 0] } }), key(9));
      assert.equal(await store.get({ ...key(3), parts: { tasks: [3, 9], parts: [0, 0] } }), undefined);
      const [name] = await readdir(join(path, String(process.pid), 'spill'));
      const file = join(path, String(process.pid), 'spill', name);
      const bytes = await readFile(file);
      bytes[bytes.length - 10] ^= 1;
      await writeFile(file, bytes);
      await assert.rejects(read(), (error) => isHyperslabError(error, 'CHECKSUM_MISMATCH'));
      assert.deepEqual(lost, [1]);
    }));

  it('has few files open at once, however many blocks parts are asked for of', () =>
    withTemporaryDirectory(async (path) => {
      const store = new BlockStore(await SpillFolder.open(path), 0);
      const tasks = Array.from({ length: 400 }, (_, task) => task);
      const part = (task: number) => new Uint8Array(16).fill(task);
      for (const task of tasks)
        await store.put(key(task), joinParts([{ bytes: part(task), crc32: crc32(part(task)) }]));
      const openFiles = () => readdirSync('/dev/fd').length;
      const before = openFiles();
      let most = 0;
      let isDone = false;
      const reading = store.get({ ...key(0), parts: { tasks, parts: tasks.map(() => 0) } }).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        most = Math.max(most, openFiles() - before);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const block = await reading;
      for (const task of tasks) assert.ok(Buffer.from(partOf(block!.bytes, task).bytes).equals(part(task)));
      assert.ok(most < 50, `${most} files were open`);
    }));
});
