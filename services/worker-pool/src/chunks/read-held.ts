import { HyperslabError } from '@hyperslab/errors';
import type { DescribeResultResponse, WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import type { ArrayFrame, ReadResultRequest } from '@hyperslab/proto/worker';
import { call } from '@hyperslab/rpc';
import { mostAtOnce } from '../blocks/block-places.ts';
import type { BlockStore } from '../blocks/block-store.ts';
import type { KnownResult } from '../link/known-plans.ts';
import { blockFrames, resultFrame } from './block-frames.ts';
import { planGuard } from './plan-guard.ts';
import { sayRead } from './say-read.ts';

/** A job may take long: its reader decides when it has waited enough. */
const deadlineMs = 86_400_000;

/** What readers of what is held here need. */
export interface HeldParts {
  scheduler: WorkerLinkServiceClient;
  store: Pick<BlockStore, 'follow' | 'get'>;
  /** What is known of a result of which tasks run here; undefined when the scheduler must be asked. */
  running: (jobId: string) => KnownResult | undefined;
  /** Of the plan by which a job is known here; empty where it is not. */
  fingerprintOf: (jobId: string) => string;
  /** Of the kernels that made what the store holds. */
  kernelVersion: string;
}

/**
 * The blocks of a job's result that are held here, and those that come to be until all of it is made, each as soon as it is there. Nobody is asked
 * where a block is: of two workers that serve a reader, neither fetches from the other.
 * @throws HyperslabError why the job failed
 */
export async function* readHeld(
  { scheduler, store, running, fingerprintOf, kernelVersion }: HeldParts,
  { jobId, firstBlock, fingerprint }: ReadResultRequest,
  signal: AbortSignal,
): AsyncGenerator<ArrayFrame> {
  const describe = (blocks: number) =>
    call(scheduler, 'describeResult', { jobId, firstBlock, blocks }, { signal, retry: true });
  const known = running(jobId);
  const described: Partial<DescribeResultResponse> = known ?? (await describe(mostAtOnce));
  const { result, stage = 0, tasks = 0, located } = described;
  if (result === undefined) throw new HyperslabError('INTERNAL', `job ${jobId}: its result is not described`);
  const owner = described.blocksOf || jobId;
  const assertPlan = planGuard(fingerprintOf, fingerprint);
  assertPlan(owner);
  yield resultFrame(result, true);

  using arrivals = store.follow(owner, stage, '');
  let failure: { error: unknown } | undefined;
  allMade(firstBlock + (located?.locations.length ?? 0))
    .catch((error) => {
      failure = { error };
    })
    .finally(() => arrivals.end());
  using _reading = sayRead(() => describe(0));
  for await (const task of arrivals) {
    // It may have been planned again since the last one.
    assertPlan(owner);
    // One that is lost is made again, perhaps elsewhere: whoever has it then sends it.
    const held =
      task < firstBlock
        ? undefined
        : await store.get({ jobId: owner, stage, task, listing: '' }).catch(() => undefined);
    if (held === undefined) continue;
    const release = () => held[Symbol.dispose]();
    yield* blockFrames(result, task, { bytes: held.bytes, kernelVersion, release });
  }
  if (failure !== undefined) throw failure.error;

  /** Resolves when all blocks from one on are made. */
  async function allMade(from: number): Promise<void> {
    for (let first = from; first < tasks; first += mostAtOnce) {
      const where = { jobId, stage, first, count: Math.min(mostAtOnce, tasks - first), listing: '' };
      const request = { ...where, unreachable: [], mustExist: false, asMade: false };
      await call(scheduler, 'locateBlocks', request, { signal, deadlineMs, retry: true });
    }
  }
}
