import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import { encodeBlock } from '@hyperslab/expression';
import { ResultDescription } from '@hyperslab/proto/expression';
import type { DescribeResultRequest } from '@hyperslab/proto/scheduler';
import type { BlockKey } from '../../src/blocks/block-key.ts';
import type { BlockPlaces } from '../../src/blocks/block-places.ts';
import { type ResultParts, readResult } from '../../src/chunks/read-result.ts';
import { withStandInScheduler } from '../stand-in-scheduler.ts';

const never = new AbortController().signal;
const bytes = encodeBlock([{ dtype: 'int8', shape: [1], values: Int8Array.of(1) }]);

/** A result of so many values, each a block. */
function resultOf(blocks: number): ResultDescription {
  return ResultDescription.fromPartial({
    name: 't',
    dtype: 'int8',
    dimensions: ['x'],
    shape: [blocks],
    blockGrid: [{ sizes: [1], counts: [blocks] }],
  });
}

/** Whoever finds blocks, and a record of where they were told to be. */
function standInFinder() {
  const found: string[] = [];
  const finder: ResultParts['finder'] = {
    async forReader({ jobId, task }: BlockKey, _signal: AbortSignal, places?: BlockPlaces) {
      found.push(`${jobId}/${task} at ${await places?.of(task)}`);
      return { bytes, kernelVersion: '1' };
    },
  };
  return { finder, found };
}

const nothingKnown: Pick<ResultParts, 'making' | 'fingerprintOf'> = {
  making: () => undefined,
  fingerprintOf: () => '',
};
const nowhere = { addresses: [], locations: [] };

describe('reading a result', () => {
  it('tells the scheduler now and then that it is read, wherever its blocks are', async () => {
    const blocks = 6;
    let described = 0;
    const describe = () => {
      described++;
      return { result: resultOf(blocks), stage: 0, tasks: blocks, blocksOf: 'lender' };
    };
    await withStandInScheduler({ locate: () => nowhere, describe }, async (scheduler) => {
      const parts = { scheduler, finder: standInFinder().finder, ...nothingKnown };
      const request = { jobId: 'j', firstBlock: 0, blocks: 0, held: false, fingerprint: 'plan' };
      let read = 0;
      for await (const { block } of readResult(parts, request, never, 20)) {
        if (block === undefined) continue;
        read++;
        await sleep(30);
      }
      assert.equal(read, blocks);
      assert.ok(described >= 4, `it was said ${described} times`);
    });
  });

  it('tells it for a reader, too, who takes his time with one block, and no more when he goes', async () => {
    let described = 0;
    const describe = () => {
      described++;
      return { result: resultOf(2), stage: 0, tasks: 2, blocksOf: 'lender' };
    };
    await withStandInScheduler({ locate: () => nowhere, describe }, async (scheduler) => {
      const parts = { scheduler, finder: standInFinder().finder, ...nothingKnown };
      const request = { jobId: 'j', firstBlock: 0, blocks: 0, held: false, fingerprint: 'plan' };
      for await (const { block } of readResult(parts, request, never, 20)) {
        if (block === undefined) continue;
        for (let looks = 0; described < 4 && looks < 100; looks++) await sleep(20);
        break;
      }
      assert.ok(described >= 4, `it was said ${described} times`);
      await sleep(100);
      const said = described;
      await sleep(100);
      assert.equal(described, said);
    });
  });

  it('asks where blocks are for those alone that were not made when it was described', async () => {
    const asked: unknown[] = [];
    const describe = ({ firstBlock, blocks }: DescribeResultRequest) => {
      asked.push(['described', firstBlock, blocks]);
      const located = { addresses: ['a:1', 'b:1'], locations: [0, 1] };
      return { result: resultOf(5), stage: 3, tasks: 5, blocksOf: 'lender', located };
    };
    const locate = ({
      jobId,
      stage,
      first,
      count,
    }: {
      jobId: string;
      stage: number;
      first: number;
      count: number;
    }) => {
      asked.push([jobId, stage, first, count]);
      return { addresses: ['c:1'], locations: [0, 0] };
    };
    await withStandInScheduler({ locate, describe }, async (scheduler) => {
      const { finder, found } = standInFinder();
      const request = { jobId: 'j', firstBlock: 1, blocks: 4, held: false, fingerprint: 'plan' };
      for await (const _ of readResult({ scheduler, finder, ...nothingKnown }, request, never));
      assert.deepEqual(found, ['lender/1 at a:1', 'lender/2 at b:1', 'lender/3 at c:1', 'lender/4 at c:1']);
      assert.deepEqual(asked, [
        ['described', 1, 4],
        ['lender', 3, 3, 2],
      ]);
    });
  });

  it('asks nobody what a result is that is being made here', async () => {
    const refuse = () => {
      throw new Error('nobody should ask');
    };
    await withStandInScheduler({ locate: refuse, describe: refuse }, async (scheduler) => {
      const making = () => ({ result: resultOf(1), stage: 0, tasks: 1 });
      const finder = { forReader: async () => ({ bytes, kernelVersion: '1' }) };
      const frames = [];
      for await (const frame of readResult(
        { scheduler, finder, making, fingerprintOf: () => 'plan' },
        { jobId: 'j', firstBlock: 0, blocks: 0, held: false, fingerprint: 'plan' },
        never,
      ))
        frames.push(frame);
      assert.deepEqual(frames[0].header?.shape, [1]);
      assert.equal(frames[1].block?.block, 0);
    });
  });

  it('describes itself before it refuses a block past its last, for who goes on after it was planned in fewer', async () => {
    const describe = () => ({ result: resultOf(2), stage: 0, tasks: 2, blocksOf: 'j', located: nowhere });
    await withStandInScheduler({ locate: () => nowhere, describe }, async (scheduler) => {
      const parts = { scheduler, finder: standInFinder().finder, ...nothingKnown };
      const frames = readResult(
        parts,
        { jobId: 'j', firstBlock: 3, blocks: 0, held: false, fingerprint: 'plan' },
        never,
      );
      const first = await frames.next();
      assert.deepEqual(first.value?.header?.result?.shape, [2]);
      await assert.rejects(frames.next(), (error) => isHyperslabError(error, 'INVALID_ARGUMENT'));
    });
  });

  it('ends at a block of other extents than the grid has that it began with, and gives its memory back', async () => {
    const values = Int8Array.of(1, 2, 3);
    const other = encodeBlock([{ dtype: 'int8', shape: [3], values }]);
    let released = 0;
    const finder: ResultParts['finder'] = {
      async forReader({ task }: BlockKey) {
        const release = () => {
          released++;
        };
        return { bytes: task === 0 ? bytes : other, kernelVersion: '1', release };
      },
    };
    const describe = () => ({ result: resultOf(2), stage: 0, tasks: 2, blocksOf: 'j' });
    await withStandInScheduler({ locate: () => nowhere, describe }, async (scheduler) => {
      const request = { jobId: 'j', firstBlock: 0, blocks: 0, held: false, fingerprint: 'plan' };
      const numbers: number[] = [];
      const read = async () => {
        for await (const { block } of readResult({ scheduler, finder, ...nothingKnown }, request, never))
          if (block !== undefined) numbers.push(block.block);
      };
      await assert.rejects(
        read,
        (error) =>
          isHyperslabError(error, 'OTHER_KERNELS') &&
          error.retryable &&
          /block 1.*found 3/.test(error.message),
      );
      assert.deepEqual([numbers, released], [[0], 1]);
    });
  });

  it('sends no block of a job that is known here by another plan, nor after it came, and gives its memory back', async () => {
    const describe = () => ({ result: resultOf(3), stage: 0, tasks: 3, blocksOf: 'lender' });
    let released = 0;
    const release = () => {
      released++;
    };
    const finder = { forReader: async () => ({ bytes, kernelVersion: '1', release }) };
    await withStandInScheduler({ locate: () => nowhere, describe }, async (scheduler) => {
      const read = async (fingerprintOf: ResultParts['fingerprintOf'], blocks: number[]) => {
        const parts = {
          scheduler,
          finder,
          making: nothingKnown.making,
          fingerprintOf,
        };
        for await (const { block } of readResult(parts, request, never))
          if (block !== undefined) blocks.push(block.block);
      };
      const request = { jobId: 'j', firstBlock: 0, blocks: 0, held: false, fingerprint: 'plan' };
      const otherPlan = (error: unknown) => isHyperslabError(error, 'UNAVAILABLE');
      const none: number[] = [];
      await assert.rejects(
        read((jobId) => (jobId === 'lender' ? 'before' : ''), none),
        otherPlan,
      );
      assert.deepEqual(none, []);
      const some: number[] = [];
      await assert.rejects(
        read(() => (some.length < 2 ? 'plan' : 'after'), some),
        otherPlan,
      );
      assert.deepEqual(some, [0, 1]);
      const forgotten: number[] = [];
      await assert.rejects(
        read(() => (forgotten.length < 2 ? 'plan' : ''), forgotten),
        otherPlan,
      );
      assert.deepEqual(forgotten, [0, 1]);
      // Whoever sends the others gives theirs back.
      assert.equal(released, 2);
    });
  });
});
