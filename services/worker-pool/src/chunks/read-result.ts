import { HyperslabError } from '@hyperslab/errors';
import type { DescribeResultResponse, WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import type { ArrayFrame, ReadResultRequest } from '@hyperslab/proto/worker';
import { call } from '@hyperslab/rpc';
import type { BlockFinder } from '../blocks/block-finder.ts';
import { BlockPlaces, mostAtOnce } from '../blocks/block-places.ts';
import type { MadeBlock } from '../blocks/fetch-from-peer.ts';
import type { KnownResult } from '../link/known-plans.ts';
import { blockFrames, resultFrame } from './block-frames.ts';
import { planGuard } from './plan-guard.ts';
import { sayRead } from './say-read.ts';

/** Blocks that are asked for at once, the one to be sent included: where one is, and the block itself, take a round trip each. */
const fetchedAhead = 4;

/** What readers of results need. */
export interface ResultParts {
  scheduler: WorkerLinkServiceClient;
  finder: Pick<BlockFinder, 'forReader'>;
  /** What is known of a result that is being made here; undefined when the scheduler must be asked. */
  making: (jobId: string) => KnownResult | undefined;
  /** Of the plan by which a job is known here; empty where it is not. */
  fingerprintOf: (jobId: string) => string;
}

/** The blocks of a job's result in order, each as soon as it is made; the next are fetched while one is sent. */
export async function* readResult(
  { scheduler, finder, making, fingerprintOf }: ResultParts,
  { jobId, firstBlock, blocks, fingerprint }: ReadResultRequest,
  signal: AbortSignal,
  sayEveryMs?: number,
): AsyncGenerator<ArrayFrame> {
  /** What the result is, and where so many of its blocks from one on are. */
  const describe = (from: number, count: number) => {
    const request = { jobId, firstBlock: from, blocks: Math.min(count, mostAtOnce) };
    return call(scheduler, 'describeResult', request, { signal, retry: true });
  };
  const made = making(jobId);
  const described: DescribeResultResponse =
    made === undefined
      ? await describe(firstBlock, blocks || mostAtOnce)
      : { ...made, blocksOf: jobId, located: { addresses: [], locations: [] } };
  const { result, stage, tasks } = described;
  if (result === undefined) throw new HyperslabError('INTERNAL', `job ${jobId}: its result is not described`);
  const end = blocks === 0 ? tasks : Math.min(tasks, firstBlock + blocks);
  const assertPlan = planGuard(fingerprintOf, fingerprint);
  assertPlan(described.blocksOf || jobId);
  yield resultFrame(result, false);
  // Behind the description, by which a reader who goes on sees that the job was planned anew in fewer blocks.
  if (firstBlock > tasks) {
    const message = `job ${jobId}: block ${firstBlock} is past the last of ${tasks}`;
    throw new HyperslabError('INVALID_ARGUMENT', message);
  }

  const blocksAt = ({ blocksOf, located }: DescribeResultResponse, from: number) => {
    const owner = blocksOf || jobId;
    // Schedulers from before they told this are asked for each block by itself.
    if (located === undefined) return { owner, places: undefined };
    return { owner, places: new BlockPlaces(scheduler, { jobId: owner, stage, end }, from, located, signal) };
  };
  let at = blocksAt(described, firstBlock);
  const find = async (task: number): Promise<MadeBlock> => {
    for (;;) {
      const { owner, places } = at;
      try {
        return await finder.forReader({ jobId: owner, stage, task, listing: '' }, signal, places);
      } catch (error) {
        signal.throwIfAborted();
        if (owner === jobId) throw error;
        // The equal job that made them may have been cancelled, which is no matter of this one: then another makes them.
        const now = blocksAt(await describe(task, end - task), task);
        if (now.owner === owner) throw error;
        at = now;
      }
    }
  };
  const fetch = (task: number) => {
    const block = find(task);
    // Its failure is met when its turn comes.
    block.catch(() => undefined);
    return block;
  };
  const next: ReturnType<typeof fetch>[] = [];
  using _reading = sayRead(() => describe(end, 0), sayEveryMs);
  for (let task = firstBlock; task < end; task++) {
    while (next.length < fetchedAhead && task + next.length < end) next.push(fetch(task + next.length));
    const block = await next.shift()!;
    try {
      // It may have been planned again while this was waited for.
      assertPlan(at.owner);
    } catch (error) {
      block.release?.();
      throw error;
    }
    yield* blockFrames(result, task, block);
  }
}
