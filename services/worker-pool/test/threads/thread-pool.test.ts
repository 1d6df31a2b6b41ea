import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import { decodeBlock } from '@hyperslab/expression';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { ReadArrayRequest } from '@hyperslab/proto/worker';
import { type KeptRangesShare, openKeptRanges } from '@hyperslab/reader';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { decodeObjects, encodeObjectList } from '../../src/tasks/object-list.ts';
import { ThreadMemory } from '../../src/threads/thread-memory.ts';
import { type BlockSource, ThreadPool } from '../../src/threads/thread-pool.ts';

const log = createLogger('worker-pool', { level: 'silent' });
const never = new AbortController().signal;

async function withPool(
  body: (pool: ThreadPool, folder: string, ranges: KeptRangesShare) => Promise<void>,
  blocks: BlockSource = async () => ({ bytes: new Uint8Array(0), isOwn: false, isHeld: false }),
  threads = 1,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    await mkdir(join(folder, 'objects'));
    const ranges = await openKeptRanges(join(folder, 'ranges'), 2 ** 20);
    const data = {
      ranges,
      roots: [folder],
      objects: join(folder, 'objects'),
      outputRoots: [],
      maker: '',
      scratch: folder,
      nativeCodecs: 'auto' as const,
      weightBytes: 2 ** 20,
    };
    const memory = new ThreadMemory(threads, 2 ** 24, 2 ** 20);
    const onHopeless = (error: Error) => assert.fail(error);
    const pool = new ThreadPool({ threads, data, memory, blocks, log, reads: 1, streams: 2, onHopeless });
    try {
      await body(pool, folder, ranges);
    } finally {
      await pool.close();
    }
  });
}

function publishPlan(...urls: string[]): Uint8Array {
  const plan = Plan.fromPartial({
    stages: [
      { kind: StageKind.STAGE_KIND_EXPAND, tasks: 1 },
      { kind: StageKind.STAGE_KIND_INDEX, inputs: [0] },
    ],
    publish: { urls, objectsPerTask: 4 },
  });
  return Plan.encode(plan).finish();
}

/** A task for each of a thousand numbers, which doubles it. */
const doublingPlan = Plan.encode(
  Plan.fromPartial({
    sources: [
      {
        variable: {
          name: 'x',
          dtype: 'float64',
          dimensions: ['x'],
          shape: [1000],
          data: {
            $case: 'inlineValues',
            value: {
              dtype: 'float64',
              shape: [1000],
              data: Buffer.from(Float64Array.from({ length: 1000 }, (_, i) => i).buffer),
            },
          },
        },
      },
    ],
    nodes: [
      {
        dtype: 'float64',
        dimensions: ['x'],
        shape: [1000],
        kind: {
          $case: 'read',
          value: { source: 0, ranges: [{ start: 0, count: 1000, step: 1 }], droppedDimensions: [] },
        },
      },
      { dtype: 'float64', kind: { $case: 'constant', value: 2 } },
      {
        dtype: 'float64',
        dimensions: ['x'],
        shape: [1000],
        kind: { $case: 'call', value: { function: '*', arguments: [0, 1] } },
      },
    ],
    stages: [
      {
        kind: StageKind.STAGE_KIND_EVALUATE,
        node: 2,
        tasks: 1000,
        blockGrid: [{ sizes: [1], counts: [1000] }],
      },
    ],
  }),
).finish();
/** Differences that take minutes, all in one tile. */
function endlessPlan(): Uint8Array {
  const plan = Plan.decode(doublingPlan);
  const count = 2 ** 20;
  const values = { dtype: 'float64', shape: [count], data: Buffer.alloc(8 * count) };
  Object.assign(plan.sources[0].variable!, {
    shape: [count],
    data: { $case: 'inlineValues', value: values },
  });
  const range = { start: 0, count, step: 1 };
  const kind = { $case: 'read' as const, value: { source: 0, ranges: [range], droppedDimensions: [] } };
  const input = { ...plan.nodes[0], shape: [count], kind };
  const parameters = JSON.stringify({ dimension: 'x', n: count - 1 });
  const endless = {
    ...input,
    shape: [1],
    kind: { $case: 'operation' as const, value: { name: 'diff', inputs: [0], parameters } },
  };
  const stage = { ...plan.stages[0], node: 1, tasks: 1, blockGrid: [{ sizes: [1], counts: [1] }] };
  return Plan.encode(Plan.fromPartial({ ...plan, nodes: [input, endless], stages: [stage] })).finish();
}

const doubling = { jobId: 'd', stage: 0, listing: '' };

const expand = { jobId: 'j', stage: 0, task: 0, listing: '' };

describe('thread pool', function () {
  this.timeout(20_000);

  it('lists objects in the order of the caller, each once', () =>
    withPool(async (pool, folder) => {
      for (const name of ['b.nc', 'a.nc', 'c.nc']) await writeFile(join(folder, name), name);
      const plan = publishPlan(join(folder, 'c.nc'), join(folder, '*.nc'));
      const { bytes, objects } = await pool.runTask(expand, plan, never);
      const urls = decodeObjects(bytes, 0, 10).map(({ url }) => url.split('/').at(-1));
      assert.equal(objects, 3);
      assert.deepEqual(urls, ['c.nc', 'a.nc', 'b.nc']);
    }));

  it('hands on what a task or a block fails with', () =>
    withPool(
      async (pool, folder) => {
        const plan = publishPlan(join(folder, 'none-*.nc'));
        await assert.rejects(pool.runTask(expand, plan, never), (error) =>
          isHyperslabError(error, 'OBJECT_NOT_FOUND'),
        );
        await assert.rejects(pool.runTask({ ...expand, stage: 1 }, plan, never), /no such peer/);
      },
      async () => {
        throw new Error('no such peer');
      },
    ));

  it('ends a task that waits for a block when it is aborted', () =>
    withPool(
      async (pool, folder) => {
        const controller = new AbortController();
        const running = pool.runTask({ ...expand, stage: 1 }, publishPlan(folder), controller.signal);
        const several = pool.runTasks(
          { ...expand, stage: 1, first: 0, count: 3 },
          publishPlan(folder),
          controller.signal,
        );
        const next = several.next();
        setTimeout(() => controller.abort(), 50);
        for (const each of [running, next])
          await assert.rejects(each, (error) => isHyperslabError(error, 'CANCELLED'));
      },
      () => new Promise(() => undefined),
    ));

  it('ends a task in the middle of what it computes when it is aborted, and computes the next one', function () {
    this.timeout(60_000);
    return withPool(async (pool) => {
      // The thread has loaded what it needs.
      for await (const _ of pool.runTasks({ ...doubling, first: 0, count: 3 }, doublingPlan, never));
      const plan = endlessPlan();
      for (const together of [false, true]) {
        const controller = new AbortController();
        const key = { jobId: `endless ${together}`, stage: 0, task: 0, listing: '' };
        const running = together
          ? pool.runTasks({ ...key, first: 0, count: 1 }, plan, controller.signal).next()
          : pool.runTask(key, plan, controller.signal);
        setTimeout(() => controller.abort(), 500);
        await assert.rejects(running, (error) => isHyperslabError(error, 'CANCELLED'));
      }
      const { bytes } = await pool.runTask({ ...doubling, task: 4 }, doublingPlan, never);
      assert.deepEqual([...decodeBlock(bytes)[0].values], [8]);
    });
  });

  it('replaces a thread that dies, and says so to those whose work it had', () =>
    withPool(async (pool, folder, ranges) => {
      await writeFile(join(folder, 'a.nc'), '');
      // As if it had been about to look for a range.
      ranges.words[0] = 1;
      const damaged = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
      await assert.rejects(pool.runTask(expand, damaged, never), (error) =>
        isHyperslabError(error, 'WORKER_LOST'),
      );
      const { objects } = await pool.runTask(expand, publishPlan(join(folder, 'a.nc')), never);
      assert.equal(objects, 1);
      assert.equal(ranges.words[0], 0);
    }));

  /** A pool whose threads can't open the object store until it is mended. */
  async function withBrokenPool(
    starts: { most: number; firstMs: number; longestMs: number },
    body: (broken: {
      pool: ThreadPool;
      folder: string;
      hopeless: Promise<Error>;
      mend: () => void;
    }) => Promise<void>,
  ): Promise<void> {
    await withTemporaryDirectory(async (folder) => {
      const data = {
        roots: [folder],
        objects: 'nowhere://objects',
        outputRoots: [],
        maker: '',
        scratch: folder,
        nativeCodecs: 'auto' as const,
        weightBytes: 2 ** 20,
      };
      const { promise: hopeless, resolve: onHopeless } = Promise.withResolvers<Error>();
      const memory = new ThreadMemory(1, 2 ** 24, 2 ** 20);
      const blocks: BlockSource = () => assert.fail('no task asks for blocks');
      const options = { data, memory, blocks, log, onHopeless, starts, reads: 1, streams: 1 };
      const pool = new ThreadPool({ ...options, threads: 1 });
      const mend = () => {
        data.objects = join(folder, 'objects');
      };
      try {
        await body({ pool, folder, hopeless, mend });
      } finally {
        await pool.close();
      }
    });
  }

  it('keeps the work of a thread that does not start until it does', () =>
    withBrokenPool({ most: 2, firstMs: 1, longestMs: 2 }, async ({ pool, folder, mend }) => {
      await writeFile(join(folder, 'a.nc'), '');
      const running = pool.runTask(expand, publishPlan(join(folder, 'a.nc')), never);
      // The first start has what was there when it began.
      mend();
      assert.equal((await running).objects, 1);
      assert.ok(pool.ready);
    }));

  it('says after some starts that a thread does not start, and why', () =>
    withBrokenPool({ most: 2, firstMs: 1, longestMs: 2 }, async ({ pool, hopeless }) => {
      const error = await hopeless;
      assert.ok(isHyperslabError(error, 'START_FAILED'));
      assert.match(error.message, /2 times.*nowhere:/);
      assert.ok(!pool.ready);
    }));

  it('runs tasks one after the other, and yields their blocks in order', () =>
    withPool(async (pool) => {
      const run = { ...doubling, first: 3, count: 400 };
      const values: number[] = [];
      for await (const { blocks, runMs } of pool.runTasks(run, doublingPlan, never)) {
        assert.ok(runMs >= 0);
        for (const bytes of blocks) values.push(Number(decodeBlock(bytes)[0].values[0]));
      }
      assert.deepEqual(
        values,
        Array.from({ length: 400 }, (_, at) => 2 * (3 + at)),
      );
    }));

  it('has several threads start and work in one memory', () =>
    withPool(
      async (pool) => {
        const runs = Array.from({ length: 6 }, async (_, at) => {
          const run = { jobId: `job ${at}`, stage: 0, first: 0, count: 1000, listing: '' };
          const values: number[] = [];
          for await (const { blocks } of pool.runTasks(run, doublingPlan, never))
            for (const block of blocks) values.push(Number(decodeBlock(block)[0].values[0]));
          return values;
        });
        for (const values of await Promise.all(runs))
          assert.deepEqual(
            values,
            Array.from({ length: 1000 }, (_, at) => 2 * at),
          );
      },
      undefined,
      3,
    ));

  it('yields what was made before a task fails, and no more when nobody waits for it', () =>
    withPool(async (pool) => {
      // There is no task beyond the last.
      const run = { ...doubling, first: 995, count: 20 };
      let made = 0;
      await assert.rejects(async () => {
        for await (const { blocks } of pool.runTasks(run, doublingPlan, never)) made += blocks.length;
      }, /no task 1000 of stage 0/);
      assert.equal(made, 5);
      for await (const _ of pool.runTasks({ ...run, first: 0 }, doublingPlan, never)) break;
      while (pool.busy.busy > 0) await sleep(1);
    }));

  it('opens so many streams at once, and each of the others in its turn or never when its reader goes', () =>
    withPool(async (pool) => {
      const data = Buffer.from(Float64Array.from({ length: 100 }, (_, i) => i).buffer);
      const value = { dtype: 'float64', shape: [100], data };
      const request = ReadArrayRequest.fromPartial({
        variable: {
          name: 'x',
          dtype: 'float64',
          dimensions: ['x'],
          shape: [100],
          data: { $case: 'inlineValues', value },
        },
      });
      const order: number[] = [];
      const gone = new AbortController();
      const readers = [0, 1, 2, 3, 4].map((n) => {
        const slabs = pool.readArray(request, 80, n === 2 ? gone.signal : never);
        const first = slabs.next().then((result) => {
          order.push(n);
          return result;
        });
        first.catch(() => undefined);
        return { slabs, first };
      });
      await Promise.all([readers[0].first, readers[1].first]);
      await sleep(50);
      assert.deepEqual(order, [0, 1]);
      gone.abort(new Error('gone'));
      await assert.rejects(readers[2].first, /gone/);
      await readers[0].slabs.return(undefined);
      await readers[3].first;
      await sleep(50);
      assert.deepEqual(order, [0, 1, 3]);
      let count = 1;
      for await (const _ of readers[1].slabs) count++;
      assert.equal(count, 10);
      await readers[4].first;
      await Promise.all(readers.map(({ slabs }) => slabs.return(undefined)));
    }));

  it('reads inline values in slabs no faster than they are taken', () =>
    withPool(async (pool) => {
      const values = Float64Array.from({ length: 1000 }, (_, i) => i);
      const data = Buffer.from(values.buffer);
      const request = ReadArrayRequest.fromPartial({
        variable: {
          name: 'x',
          dtype: 'float64',
          dimensions: ['x'],
          shape: [1000],
          data: { $case: 'inlineValues', value: { dtype: 'float64', shape: [1000], data } },
        },
      });
      const parts: Buffer[] = [];
      for await (const { data: part } of pool.readArray(request, 800, never)) parts.push(Buffer.from(part));
      assert.equal(parts.length, 10);
      assert.deepEqual(Buffer.concat(parts), data);
      for await (const slab of pool.readArray(request, 800, never)) {
        assert.deepEqual(slab.origin, [0]);
        break;
      }
      const list = encodeObjectList([]);
      assert.deepEqual(decodeObjects(list, 0, 1), []);
    }));
});
