import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { heldByTasks } from '@hyperslab/expression';
import { Plan, ResultDescription, StageKind } from '@hyperslab/proto/expression';
import type { TaskId, TaskRun } from '@hyperslab/proto/scheduler';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import type { BlockKey } from '../../src/blocks/block-key.ts';
import { RunningTasks, type RunningTasksOptions } from '../../src/link/running-tasks.ts';

/** Threads that make blocks of one byte at once, but fail at some tasks, and wait for ever at others. */
class StandIn {
  /** Runs that went to threads. */
  readonly began: { first: number; count: number }[] = [];
  readonly told: string[] = [];
  readonly held = new Set<number>();
  /** Jobs whose stores are to be removed. */
  readonly givenUp = new Set<string>();
  readonly failing = new Set<number>();
  readonly hanging = new Set<number>();
  diskFull = false;
  /** Bytes that were told of tasks that are done. */
  readonly sizes: number[] = [];
  readonly tasks: RunningTasks;

  constructor(slots = 1, guests = 0, heldBytes = 0) {
    const make = async (task: number, signal: AbortSignal) => {
      if (this.hanging.has(task))
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (this.failing.has(task)) throw new HyperslabError('STORAGE_UNAVAILABLE', `no ${task}`);
      await sleep(0);
      return new Uint8Array(1);
    };
    const began = this.began;
    const put = async (blocks: readonly { key: BlockKey; bytes: Uint8Array }[]) => {
      if (this.diskFull) throw new HyperslabError('DISK_FULL', 'full');
      for (const { key, bytes } of blocks) {
        this.held.add(key.task);
        // As of blocks that go to disk at once.
        (bytes.buffer as ArrayBuffer).transfer(0);
      }
    };
    const options: RunningTasksOptions = {
      slots,
      guests,
      heldBytes,
      threads: {
        async runTask({ task }, _plan, signal) {
          began.push({ first: task, count: 1 });
          return { bytes: await make(task, signal), objects: 0, runMs: 0.1 };
        },
        async *runTasks({ first, count }, _plan, signal) {
          began.push({ first, count });
          for (let task = first; task < first + count; task++)
            yield { blocks: [await make(task, signal)], runMs: 0.1 };
        },
        forget: () => undefined,
      },
      store: { put: (key, bytes) => put([{ key, bytes }]), putAll: put, forget: () => this.held.clear() },
      outputs: {
        discard: (jobId) => this.givenUp.add(jobId),
        keep: (jobId) => this.givenUp.delete(jobId),
      },
      finder: { forget: () => undefined },
      log: createLogger('worker-pool', { level: 'silent' }),
      ended: createMetrics().counter('ended', 'tasks'),
      hasRoom: () => true,
      link: {
        done: ({ task }, bytes) => {
          this.told.push(`done ${task}`);
          this.sizes.push(bytes);
        },
        failed: ({ value: { task, error } }) => this.told.push(`failed ${task?.task} ${error?.reason}`),
        returned: ({ task }: TaskId) => this.told.push(`returned ${task}`),
      },
    };
    this.tasks = new RunningTasks(options);
    this.tasks.plan({ jobId: 'j', plan: Plan.create(), fingerprint: 'f', traceparent: '' });
  }

  count(what: string): number {
    return this.told.filter((line) => line.startsWith(what)).length;
  }

  async idle(): Promise<void> {
    while (this.tasks.running + this.tasks.waiting > 0) await sleep(1);
  }
}

function run(first: number, count: number, attempt = 1): TaskRun {
  return { jobId: 'j', stage: 0, first, count, attempt, listing: '' };
}

/** A plan that begins a store, and puts chunks of 800 bytes. */
const writing = Plan.fromPartial({
  stages: [
    { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT, tasks: 1 },
    { kind: StageKind.STAGE_KIND_WRITE_CHUNKS, tasks: 10 },
  ],
  output: { url: 'a.zarr', result: { dtype: 'float64', shape: [1000] }, chunkShape: [100] },
});

/** The nearest of 100 by 200 points whose places are read, to a line of them. */
const fields = { kind: 'fields', extents: [100, 200], latitude: 1, longitude: 2, scale: [1, 1] };
const regridding = Plan.fromPartial({
  nodes: [
    ...['t', 'latitude', 'longitude'].map(() => ({
      dtype: 'float64',
      dimensions: ['j', 'i'],
      shape: [100, 200],
    })),
    {
      dtype: 'float64',
      dimensions: ['place'],
      shape: [300],
      kind: {
        $case: 'operation',
        value: {
          name: 'regrid',
          inputs: [0, 1, 2],
          parameters: JSON.stringify({
            order: ['j', 'i'],
            source: { dimensions: ['j', 'i'], grid: fields },
            target: { dimensions: ['place'], grid: { kind: 'list', latitudes: [], longitudes: [] } },
            along: [],
            method: 'nearest',
            tolerated: 0,
          }),
        },
      },
    },
  ],
  stages: [
    { kind: StageKind.STAGE_KIND_EVALUATE, node: 3, tasks: 3, blockGrid: [{ sizes: [100], counts: [3] }] },
  ],
});

describe('running tasks', () => {
  it('write at once what memory has room for, while others go on', async () => {
    const worker = new StandIn(4, 0, 2 * 6 * 800);
    worker.tasks.plan({ jobId: 'w', plan: writing, fingerprint: 'f', traceparent: '' });
    for (const task of [0, 1, 2, 20]) worker.hanging.add(task);
    worker.tasks.run([{ ...run(0, 3), jobId: 'w', stage: 1 }]);
    worker.tasks.run([run(20, 1)]);
    assert.deepEqual(
      worker.began.map(({ first }) => first),
      [0, 1, 20],
    );
    // Another try ends the one before it.
    worker.tasks.run([{ ...run(0, 1, 2), jobId: 'w', stage: 1 }]);
    while (worker.began.length < 4) await sleep(1);
    assert.equal(worker.began[3].first, 2);
    assert.deepEqual([worker.tasks.running, worker.tasks.waiting], [3, 1]);
    worker.tasks.forget('w', []);
    worker.tasks.forget('j', []);
    await worker.idle();
  });

  it('that hold much get their turn among many that hold less', async () => {
    const worker = new StandIn(4, 0, 2 * 6 * 800);
    const larger = Plan.fromPartial({ ...writing, output: { ...writing.output, chunkShape: [125] } });
    worker.tasks.plan({ jobId: 'w', plan: writing, fingerprint: 'f', traceparent: '' });
    worker.tasks.plan({ jobId: 'l', plan: larger, fingerprint: 'f', traceparent: '' });
    worker.tasks.run([{ ...run(0, 30), jobId: 'w', stage: 1 }]);
    worker.tasks.run([{ ...run(100, 2), jobId: 'l', stage: 1 }]);
    worker.tasks.run([run(200, 1)]);
    await worker.idle();
    const jobs = worker.began.map(({ first }) => 'wlj'[Math.floor(first / 100)]);
    assert.equal(jobs.slice(0, 7).join(''), 'wwjwlwl');
    assert.equal(worker.count('done'), 33);
  });

  it('refuse to write chunks that memory has no room for, before any is made', async () => {
    for (const [stage, most] of [
      [0, 4799],
      [1, 4799],
      [0, 4800],
    ]) {
      const worker = new StandIn(1, 0, most);
      worker.tasks.plan({ jobId: 'w', plan: writing, fingerprint: 'f', traceparent: '' });
      worker.tasks.run([{ ...run(0, 1), jobId: 'w', stage }]);
      await worker.idle();
      if (most === 4800) assert.deepEqual(worker.told, ['done 0']);
      else {
        assert.deepEqual(worker.began, []);
        assert.deepEqual(worker.told, ['failed 0 TOO_LARGE']);
      }
    }
  });

  it('hold at once the weights that memory has room for, and refuse more for one than there is', async () => {
    const bytes = heldByTasks(regridding)[0];
    assert.ok(bytes > 100 * 200 * (24 + 16));
    const worker = new StandIn(4, 0, 2 * bytes);
    worker.tasks.plan({ jobId: 'w', plan: regridding, fingerprint: 'f', traceparent: '' });
    for (const task of [0, 1, 2]) worker.hanging.add(task);
    worker.tasks.run([{ ...run(0, 3), jobId: 'w' }]);
    assert.deepEqual([worker.tasks.running, worker.tasks.waiting], [2, 1]);
    worker.tasks.forget('w', []);
    await worker.idle();
    const small = new StandIn(1, 0, bytes - 1);
    small.tasks.plan({ jobId: 'w', plan: regridding, fingerprint: 'f', traceparent: '' });
    small.tasks.run([{ ...run(0, 1), jobId: 'w' }]);
    await small.idle();
    assert.deepEqual([small.began, small.told], [[], ['failed 0 TOO_LARGE']]);
  });

  it('start beyond the slots where none of their job runs, as many as there are places for guests', async () => {
    const worker = new StandIn(2, 1);
    for (const task of [0, 1, 2, 10, 20]) worker.hanging.add(task);
    for (const jobId of ['k', 'l'])
      worker.tasks.plan({ jobId, plan: Plan.create(), fingerprint: 'f', traceparent: '' });
    worker.tasks.run([run(0, 3)]);
    worker.tasks.run([{ ...run(10, 2), jobId: 'k' }]);
    worker.tasks.run([{ ...run(20, 1), jobId: 'l' }]);
    assert.deepEqual(
      worker.began.map(({ first }) => first),
      [0, 1, 10],
    );
    worker.tasks.forget('k', []);
    while (worker.began.length < 4) await sleep(1);
    // Its place is free for the next guest, and not for another of the first.
    assert.equal(worker.began[3].first, 20);
    assert.equal(worker.tasks.waiting, 1);
  });

  it('tell what a result of one block is while it is made here, and of no other', async () => {
    const result = ResultDescription.fromPartial({ name: 't' });
    const planOf = (jobId: string, tasks: number) => ({
      jobId,
      plan: Plan.fromPartial({ result, stages: [{ tasks: 3 }, { tasks }] }),
      fingerprint: 'f',
      traceparent: '',
    });
    const worker = new StandIn(3);
    for (const [jobId, tasks] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      worker.tasks.plan(planOf(jobId, tasks));
      assert.equal(worker.tasks.makingResultOf(jobId), undefined);
      worker.tasks.run([{ ...run(0, 1), jobId, stage: 1 }]);
    }
    worker.tasks.run([run(0, 1)]);
    assert.deepEqual(worker.tasks.makingResultOf('one'), { result, stage: 1, tasks: 1 });
    assert.equal(worker.tasks.makingResultOf('two'), undefined);
    assert.equal(worker.tasks.makingResultOf('j'), undefined);
    assert.deepEqual(worker.tasks.runningResultOf('two'), { result, stage: 1, tasks: 2 });
    assert.equal(worker.tasks.runningResultOf('other'), undefined);
    await worker.idle();
    // The scheduler may have given it back since.
    assert.equal(worker.tasks.makingResultOf('one'), undefined);
    assert.equal(worker.tasks.runningResultOf('two'), undefined);
  });

  it('tell how large a block is that went to disk as soon as it was held', async () => {
    const worker = new StandIn();
    worker.tasks.run([run(0, 20)]);
    await worker.idle();
    // The first go one by one, the others together.
    assert.ok(worker.began.some(({ count }) => count > 1));
    assert.deepEqual(worker.sizes, Array(20).fill(1));
  });

  it('tell when a task that runs here has ended, well or ill', async () => {
    const worker = new StandIn();
    worker.failing.add(1);
    const block = (task: number) => ({ jobId: 'j', stage: 0, task, listing: '' });
    assert.equal(worker.tasks.ending(block(0)), undefined);
    worker.tasks.run([run(0, 2)]);
    assert.equal(worker.tasks.ending(block(1)), undefined);
    await worker.tasks.ending(block(0));
    assert.deepEqual([...worker.held], [0]);
    await worker.tasks.ending(block(1));
    assert.equal(worker.tasks.ending(block(1)), undefined);
    assert.deepEqual(worker.told, ['done 0', 'failed 1 STORAGE_UNAVAILABLE']);
  });

  it('go to a thread one by one, and several at once when they are known to be short', async () => {
    const worker = new StandIn();
    worker.tasks.run([run(0, 200)]);
    await worker.idle();
    assert.equal(worker.count('done'), 200);
    assert.deepEqual(worker.began[0], { first: 0, count: 1 });
    assert.ok(worker.began.length < 20, `${worker.began.length} messages`);
    assert.deepEqual(worker.told.slice(0, 3), ['done 0', 'done 1', 'done 2']);
  });

  it('fail by themselves: those before are done, and those behind are run', async () => {
    const worker = new StandIn();
    for (const task of [0, 5, 6, 39]) worker.failing.add(task);
    worker.tasks.run([run(0, 40)]);
    await worker.idle();
    assert.equal(worker.count('done'), 36);
    assert.deepEqual(
      worker.told.filter((line) => line.startsWith('failed')).sort(),
      [0, 39, 5, 6].map((task) => `failed ${task} STORAGE_UNAVAILABLE`),
    );
  });

  it('fail when their blocks can not be held', async () => {
    const worker = new StandIn();
    worker.tasks.run([run(0, 3)]);
    await worker.idle();
    worker.diskFull = true;
    worker.tasks.run([run(3, 10)]);
    await worker.idle();
    assert.equal(worker.count('failed'), 10);
    assert.equal(worker.count('done'), 3);
  });

  it('give up the store of a forgotten job, unless that comes again', () => {
    const { tasks, givenUp } = new StandIn();
    const plan = Plan.fromPartial({ output: { url: '/a.zarr' } });
    for (const fingerprint of ['f', 'changed']) {
      tasks.plan({ jobId: 'writes', plan, fingerprint, traceparent: '' });
      assert.deepEqual([...givenUp], [], fingerprint);
    }
    tasks.forget('writes', []);
    assert.deepEqual([...givenUp], ['writes']);
    tasks.plan({ jobId: 'writes', plan, fingerprint: 'changed', traceparent: '' });
    assert.deepEqual([...givenUp], []);
  });

  it('end with their job, those that run and those that wait', async () => {
    const worker = new StandIn();
    worker.hanging.add(4);
    worker.tasks.run([run(0, 40)]);
    while (worker.count('done') < 4) await sleep(1);
    worker.tasks.forget('j', []);
    await worker.idle();
    assert.equal(worker.count('done'), 4);
    assert.equal(worker.held.size, 0);
  });

  it('are given back when the worker drains, also those of a run that does not end in time', async () => {
    const worker = new StandIn();
    worker.hanging.add(10);
    worker.tasks.run([run(0, 60)]);
    while (worker.count('done') < 10) await sleep(1);
    await worker.tasks.drain(20);
    assert.equal(worker.count('done'), 10);
    assert.equal(worker.count('returned') + worker.count('failed 10 CANCELLED'), 50);
    worker.tasks.run([run(60, 3)]);
    assert.equal(worker.count('returned') + worker.count('failed 10 CANCELLED'), 53);
  });

  it('give way to another try of the same', async () => {
    const worker = new StandIn();
    worker.hanging.add(3);
    worker.tasks.run([run(0, 8)]);
    while (worker.count('done') < 3) await sleep(1);
    worker.hanging.clear();
    worker.tasks.run([run(3, 1, 2)]);
    await worker.idle();
    assert.ok(worker.told.includes('done 3'));
  });
});
