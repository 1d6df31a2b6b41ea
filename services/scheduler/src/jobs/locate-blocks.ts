import { HyperslabError } from '@hyperslab/errors';
import type { LocateBlocksRequest, LocateBlocksResponse } from '@hyperslab/proto/scheduler';
import { fromJobError } from '@hyperslab/rpc';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';
import { runOf } from '../state/shared-results.ts';
import { type TaskTable, taskStates } from '../state/task-table.ts';
import type { JobChanges } from './job-changes.ts';

/** A reader that has the first block has something to do: it hears of several that are made within so long in one answer, and of the last ones at once. */
const gatherMs = 25;
/** Blocks that one request may ask for. */
export const mostBlocks = 4096;

/** Where blocks of a result are, as far as they are made one after the other; none when the first is not. */
export function locateMade(
  state: SchedulerState,
  job: JobRun,
  first: number,
  count: number,
): LocateBlocksResponse {
  const run = runOf(job);
  const stage = run.stages.length - 1;
  const blocks = Math.min(count, mostBlocks, (run.stages[stage].tasks?.count ?? 0) - first);
  const found = blocks > 0 ? tryLocate(run, state, { stage, first, count: blocks, asMade: true }) : undefined;
  return found ?? { addresses: [], locations: [] };
}

/** Where blocks are; waits for those that are not made yet, or for the first of them alone, unless they must exist. */
export async function locateBlocks(
  state: SchedulerState,
  changes: JobChanges,
  request: LocateBlocksRequest,
  signal: AbortSignal,
): Promise<LocateBlocksResponse> {
  let late: AbortSignal | undefined;
  for (;;) {
    const job = runOf(heldJob(state, request.jobId));
    const outdated = request.listing !== '' && request.listing !== job.listing;
    const found = outdated ? undefined : tryLocate(job, state, request);
    if (found !== undefined && (late?.aborted || !canWait(request, found))) return found;
    if (found === undefined && (request.mustExist || outdated)) {
      throw new HyperslabError(
        'BLOCK_NOT_FOUND',
        `block ${request.stage}/${request.first} of job ${request.jobId}: not made, or lost with its worker`,
      );
    }
    // What was there may be lost meanwhile.
    late = found === undefined ? undefined : (late ?? AbortSignal.timeout(gatherMs));
    const until = late === undefined ? signal : AbortSignal.any([signal, late]);
    await changes.next(request.jobId, until).catch((error) => {
      if (!late?.aborted) throw error;
    });
    signal.throwIfAborted();
  }
}

/** Whether more blocks may be told of in the same answer. */
function canWait(
  { first, count, asMade, mustExist }: LocateBlocksRequest,
  { locations }: LocateBlocksResponse,
): boolean {
  return asMade && !mustExist && first > 0 && locations.length < count;
}

/**
 * A job whose blocks may be read.
 * @throws HyperslabError JOB_NOT_FOUND, CANCELLED, or why the job failed
 */
export function readableJob(state: SchedulerState, jobId: string): JobRun {
  const job = heldJob(state, jobId);
  if (job.returned) throw notFound(jobId, 'its result was released');
  return job;
}

/** A job whose blocks are there or will be: its own caller may read them no more, and others that have borrowed them do. Throws as `readableJob` does. */
function heldJob(state: SchedulerState, jobId: string): JobRun {
  const job = state.jobs.get(jobId);
  if (job?.phase === 'failed' && job.error !== undefined) throw fromJobError(job.error);
  if (job?.phase === 'cancelled') throw new HyperslabError('CANCELLED', `job ${jobId}: it was cancelled`);
  if (job === undefined) throw notFound(jobId, 'no such job');
  if (job.released) throw notFound(jobId, 'its result was released');
  return job;
}

function notFound(jobId: string, why: string): HyperslabError {
  return new HyperslabError('JOB_NOT_FOUND', `job ${jobId}: ${why}; submit the expression again`);
}

function tryLocate(
  job: JobRun,
  state: SchedulerState,
  { stage, first, count, asMade }: Pick<LocateBlocksRequest, 'stage' | 'first' | 'count' | 'asMade'>,
): LocateBlocksResponse | undefined {
  const known = stage < job.stages.length && count <= mostBlocks;
  const table = job.stages[stage]?.tasks;
  if (known && table === undefined) return undefined;
  if (!known || table === undefined || first + count > table.count) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `blocks ${first} to ${first + count} of stage ${stage} of job ${job.id}: expected at most ${mostBlocks} within the stage's ${table?.count ?? 0}`,
    );
  }
  const made = heldFrom(table, first, count);
  if (made < count && (made === 0 || !asMade)) return undefined;
  const addresses = new Map<string, number>();
  const locations: number[] = [];
  for (let task = first; task < first + made; task++) {
    const { address } = state.workersByOrdinal.get(table.workerOf(task))!;
    if (!addresses.has(address)) addresses.set(address, addresses.size);
    locations.push(addresses.get(address)!);
  }
  return { addresses: [...addresses.keys()], locations };
}

/** How many blocks are held one after the other from one on. */
function heldFrom(table: TaskTable, first: number, count: number): number {
  let task = first;
  while (task < first + count && table.stateOf(task) === taskStates.held) task++;
  return task - first;
}
