import type { Effect } from './effects.ts';
import { returnResult, trimResults } from './kept-results.ts';
import { beginAgainWithOtherKernels } from './kernels.ts';
import { hasEnded, type SchedulerState } from './scheduler-state.ts';
import { workerLeft } from './worker-events.ts';

/** Time goes by: silent workers count as gone, results that nobody reads are released, old jobs are forgotten. */
export function tick(state: SchedulerState, now: number, effects: Effect[]): void {
  for (const worker of [...state.workers.values()]) {
    if (now - worker.seenMs <= state.limits.silenceMs) continue;
    effects.push({ type: 'DropWorker', workerId: worker.id });
    workerLeft(state, worker.id, now, effects);
  }
  beginAgainWithOtherKernels(state, now, effects);
  let ended = 0;
  for (const job of state.jobs.values()) {
    if (!hasEnded(job)) continue;
    ended++;
    const unread = now - Math.max(job.endedMs ?? now, job.readMs) > state.limits.resultTtlMs;
    if (job.kind !== 'persist' && !job.returned && unread) {
      returnResult(state, job, now, effects);
      effects.push({ type: 'JobReleased', jobId: job.id }, { type: 'JobChanged', jobId: job.id });
    }
  }
  trimResults(state, now, effects);
  for (const job of state.jobs.values()) {
    if (ended <= state.limits.rememberedJobs) break;
    if (!hasEnded(job) || !job.released) continue;
    state.jobs.delete(job.id);
    effects.push({ type: 'JobForgotten', jobId: job.id });
    ended--;
  }
}
