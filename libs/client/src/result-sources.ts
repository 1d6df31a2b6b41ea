import { cellCount } from '@hyperslab/array';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { ResultDescription } from '@hyperslab/proto/expression';
import type { Job } from '@hyperslab/proto/scheduler';
import type { ChunkServiceClient, ReadResultRequest } from '@hyperslab/proto/worker';
import { call, openStream } from '@hyperslab/rpc/calls';
import type { BlockRun } from './blocks-read.ts';
import type { Connection } from './connection.ts';
import { assertNotFailed, hasEnded } from './jobs.ts';
import { mergeStreams } from './merge-streams.ts';
import { assembleBlocks, type StreamItem } from './result-blocks.ts';
import { unlessSilent } from './unless-silent.ts';

/** A worker fetches the blocks of a job that is done from its peers, which it notices to be gone within 15 seconds. */
const silenceAfterEndMs = 30_000;
const jobDeadlineMs = 5_000;
/** Of so many workers each is asked for what it holds: of more, most hold few blocks of a result or none. */
const mostWorkers = 8;

/** What is read. */
export interface ResultSource {
  connection: Connection;
  job: Job;
  /** All of it was read. */
  isWhole: () => boolean;
  signal?: AbortSignal;
}

/** Some runs of blocks from one worker, which has from others what it does not hold; the one at `heldAt`, if that is one of them. */
export async function* foundByOne(
  source: ResultSource,
  runs: readonly BlockRun[],
  heldAt: string | undefined,
): AsyncGenerator<StreamItem> {
  const worker = await source.connection.nextWorker(heldAt ?? source.job.heldAt);
  for (const { first, count } of runs)
    yield* streamOf(source, worker, { firstBlock: first, blocks: count, held: false }, source.signal);
}

/**
 * What each worker holds of the result, in any order; without what none of them does, or may be asked for. Undefined where there is but one block, or where
 * one worker is known or very many. That a stream ends says that the scheduler knows of all blocks: who released a job before would cancel it.
 */
export async function heldByEach(source: ResultSource): Promise<AsyncGenerator<StreamItem> | undefined> {
  const { result } = source.job;
  if (result === undefined || blockCount(result) < 2) return undefined;
  const workers = await source.connection.eachWorker(mostWorkers);
  return workers.length === 0 ? undefined : untilUnheeded(source, workers);
}

/** A worker of an older release sends all of the result: then one does. */
async function* untilUnheeded(
  source: ResultSource,
  workers: readonly ChunkServiceClient[],
): AsyncGenerator<StreamItem> {
  const all = { firstBlock: 0, blocks: 0, held: true };
  const open = workers.map((worker) => (stop: AbortSignal) => streamOf(source, worker, all, stop));
  for await (const item of mergeStreams(open, source.isWhole, source.signal)) {
    if ('header' in item && !item.header.held) return;
    yield item;
  }
}

function streamOf(
  { connection, job: { jobId, fingerprint } }: ResultSource,
  worker: ChunkServiceClient,
  what: Omit<ReadResultRequest, 'jobId' | 'fingerprint'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamItem> {
  const request = { jobId, fingerprint, ...what };
  const open = (stop: AbortSignal) => openStream(worker, 'readResult', request, { signal: stop });
  const onSilence = (silentMs: number) => assertStillComing(connection, jobId, silentMs, signal);
  return assembleBlocks(unlessSilent(worker, open, { signal, onSilence }));
}

/**
 * What a silent worker that is there is waited for: a job that runs sends nothing until a block is done. Throws what the
 * job failed with, and UNAVAILABLE when the job has been done for long enough. A scheduler that is away says neither.
 */
async function assertStillComing(
  connection: Connection,
  jobId: string,
  silentMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const options = { deadlineMs: jobDeadlineMs, signal };
  const job = await call(connection.scheduler, 'getJob', { jobId }, options).catch((error) => {
    const { reason, retryable } = asHyperslabError(error);
    if (retryable || reason === 'DEADLINE_EXCEEDED') return undefined;
    throw error;
  });
  if (job === undefined) return;
  assertNotFailed(job);
  if (!hasEnded(job) || silentMs < silenceAfterEndMs) return;
  throw new HyperslabError(
    'UNAVAILABLE',
    `job ${jobId} is done and a worker has sent nothing of it for ${silentMs / 1000} s; \`hyperslab status\` shows the workers`,
    { job: jobId },
  );
}

/** How many blocks a result has. */
export function blockCount(description: ResultDescription): number {
  return description.blockGrid.reduce((count, runs) => count * cellCount(runs), 1);
}
