import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { encodeBlock } from '@hyperslab/expression';
import { ResultDescription } from '@hyperslab/proto/expression';
import { BlockStore } from '../../src/blocks/block-store.ts';
import { SpillFolder } from '../../src/blocks/spill-folder.ts';
import { type HeldParts, readHeld } from '../../src/chunks/read-held.ts';
import { withStandInScheduler } from '../stand-in-scheduler.ts';

const blocks = 5;
const result = ResultDescription.fromPartial({
  name: 't',
  dtype: 'int8',
  dimensions: ['x'],
  shape: [blocks],
  blockGrid: [{ sizes: [1], counts: [blocks] }],
});
const request = { jobId: 'j', firstBlock: 0, blocks: 0, held: true, fingerprint: 'plan' };
const never = new AbortController().signal;
const nowhere = { addresses: [], locations: [] };
const notRunning: HeldParts['running'] = () => undefined;
const isRunning: HeldParts['running'] = () => ({ result, stage: 1, tasks: blocks });

describe('reading what is held of a result', () => {
  let state: string;
  let store: BlockStore;
  /** Of the plan by which jobs are known here. */
  let fingerprint: string;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'hyperslab-held-'));
    store = new BlockStore(await SpillFolder.open(state), 2 ** 20);
    fingerprint = 'plan';
  });

  afterEach(() => rm(state, { recursive: true, force: true }));

  const put = (task: number, jobId = 'j') =>
    store.put(
      { jobId, stage: 1, task, listing: '' },
      encodeBlock([{ dtype: 'int8', shape: [1], values: Int8Array.of(task) }]),
    );

  const partsOf = (scheduler: HeldParts['scheduler'], running = notRunning): HeldParts => ({
    scheduler,
    store,
    running,
    fingerprintOf: () => fingerprint,
    kernelVersion: '1',
  });

  async function numbersOf(frames: ReturnType<typeof readHeld>, numbers: number[] = []): Promise<number[]> {
    for await (const { header, block } of frames) {
      if (header !== undefined) assert.ok(header.held);
      if (block !== undefined) numbers.push(block.block);
    }
    return numbers;
  }

  it('sends what is there and what comes, until all is made, and asks once whether it is', async () => {
    const allMade = Promise.withResolvers<typeof nowhere>();
    const asked: unknown[] = [];
    const locate = ({ first, count, asMade }: { first: number; count: number; asMade: boolean }) => {
      asked.push([first, count, asMade]);
      return allMade.promise;
    };
    const describe = () => {
      throw new Error('nobody should ask');
    };
    await withStandInScheduler({ locate, describe }, async (scheduler) => {
      await put(3);
      await put(1);
      const numbers: number[] = [];
      const read = numbersOf(readHeld(partsOf(scheduler, isRunning), request, never), numbers);
      while (numbers.length < 2 || asked.length < 1) await sleep(1);
      await put(0);
      await put(0, 'another');
      await put(4);
      allMade.resolve(nowhere);
      assert.deepEqual(await read, [1, 3, 0, 4]);
      assert.deepEqual(asked, [[0, blocks, false]]);
    });
  });

  it('sends those of an equal job that made them, from the block on that is asked for', async () => {
    const located = { addresses: ['a:1'], locations: [0, 0, 0] };
    const describe = () => ({ result, stage: 1, tasks: blocks, blocksOf: 'lender', located });
    const locate = () => {
      throw new Error('all of them are made');
    };
    await withStandInScheduler({ locate, describe }, async (scheduler) => {
      for (const task of [0, 2, 4]) await put(task, 'lender');
      const frames = readHeld(partsOf(scheduler), { ...request, firstBlock: 2 }, never);
      assert.deepEqual(await numbersOf(frames), [2, 4]);
    });
  });

  it('ends with what the job failed with, and when its reader is gone', async () => {
    const failed = Promise.withResolvers<typeof nowhere>();
    let asked = 0;
    const locate = () => {
      asked++;
      return failed.promise;
    };
    await withStandInScheduler({ locate }, async (scheduler) => {
      const running = isRunning;
      const read = numbersOf(readHeld(partsOf(scheduler, running), request, never));
      const gone = new AbortController();
      const left = numbersOf(readHeld(partsOf(scheduler, running), request, gone.signal));
      while (asked < 2) await sleep(1);
      gone.abort();
      await assert.rejects(left, (error) => isHyperslabError(error, 'CANCELLED'));
      failed.reject(new HyperslabError('FORMAT_CORRUPT', 'bad file'));
      await assert.rejects(read, (error) => isHyperslabError(error, 'FORMAT_CORRUPT'));
    });
  });

  it('sends none of a job that is known here by another plan, nor after it came', async () => {
    await withStandInScheduler({ locate: () => new Promise<never>(() => undefined) }, async (scheduler) => {
      await put(1);
      const otherPlan = (error: unknown) => isHyperslabError(error, 'UNAVAILABLE');
      const read = (numbers: number[]) =>
        numbersOf(readHeld(partsOf(scheduler, isRunning), request, never), numbers);
      fingerprint = 'before';
      const none: number[] = [];
      await assert.rejects(read(none), otherPlan);
      assert.deepEqual(none, []);
      fingerprint = 'plan';
      const some: number[] = [];
      const reading = read(some);
      while (some.length < 1) await sleep(1);
      fingerprint = 'after';
      await put(2);
      await assert.rejects(reading, otherPlan);
      assert.deepEqual(some, [1]);
    });
  });
});
