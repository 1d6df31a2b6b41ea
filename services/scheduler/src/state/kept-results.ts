import type { WorkerReport } from '@hyperslab/proto/scheduler';
import { isComputation } from './computation.ts';
import type { Effect } from './effects.ts';
import { becomeSpare, forgetBlocks } from './end-job.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';

/** Results that are kept at most: workers hold the plans of all of them. */
const mostResults = 256;
/** A plan in memory takes so many times what it takes encoded. */
const planFactor = 8;
/** Above this share of its memory a worker gives up what nobody needs. */
const high = 0.8;

/** The caller of a job that has ended needs its result no more: it stays for those who ask for the same, as long as there is room. */
export function returnResult(state: SchedulerState, job: JobRun, now: number, effects: Effect[]): void {
  const isLent = job.borrowers.size + job.readers.size > 0;
  const mayStay = isComputation(job) && job.phase === 'succeeded' && job.lender === undefined;
  if (!mayStay || (!isLent && state.limits.keptResultBytes === 0)) {
    forgetBlocks(state, job, effects);
    return;
  }
  job.returned = true;
  job.readMs = now;
  becomeSpare(state, job, effects);
}

/** Gives up results that nobody has asked for for too long, and of the others as many as are too much. */
export function trimResults(state: SchedulerState, now: number, effects: Effect[]): void {
  const { keptResultBytes, keptResultMs } = state.limits;
  let bytes = 0;
  for (const job of state.kept) bytes += costOf(job);
  for (const job of state.kept) {
    const isTooMuch = bytes > keptResultBytes || state.kept.size > mostResults;
    // Of one that lost blocks since somebody needed them, nothing is made again.
    const isWhole = job.stages.at(-1)?.tasks?.complete === true;
    if (!isTooMuch && isWhole && now - job.readMs <= keptResultMs) continue;
    bytes -= costOf(job);
    giveUp(state, job, effects);
  }
}

/** A worker that is short of memory gives up what nobody needs, before it puts on disk what somebody does. */
export function relieve(
  state: SchedulerState,
  worker: WorkerRun,
  { rss, memoryLimit, spilledBytes }: WorkerReport,
  effects: Effect[],
): void {
  const isShort = spilledBytes > 0 || (memoryLimit > 0 && rss > memoryLimit * high);
  if (!isShort) return;
  for (const job of state.kept) if (job.workers.has(worker)) giveUp(state, job, effects);
}

function giveUp(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  forgetBlocks(state, job, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}

function costOf({ stages, planBytes }: JobRun): number {
  return stages.reduce((sum, { tasks }) => sum + (tasks?.heldBytes ?? 0), planFactor * planBytes);
}
