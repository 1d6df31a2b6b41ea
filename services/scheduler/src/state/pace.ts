import { roomChanged } from './open-workers.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';

/** How much the latest task counts against those before it. */
const weight = 0.1;
/** What a task is taken to need before any is done, seconds. */
const guessSeconds = 0.5;
/** Tasks that take longer fill a slot each; of shorter ones, as many as take so long do together. */
const slotSeconds = 0.025;
/** Shares of slots are powers of two, whose sums are exact; no task has less of one. */
const leastShare = 2 ** -10;

/** Takes note of how long tasks of a job ran, each. */
export function learnPace(state: SchedulerState, job: JobRun, seconds: number, count: number): void {
  const before = job.taskSeconds ?? seconds;
  job.taskSeconds = seconds + (1 - weight) ** count * (before - seconds);
  const share = Math.min(1, Math.max(leastShare, job.taskSeconds / slotSeconds));
  // What wavers about a power of two would change the room of all its workers again and again.
  if (share > job.taskShare / 2 && share < job.taskShare * 2) return;
  job.taskShare = 2 ** Math.round(Math.log2(share));
  for (const worker of job.workers) roomChanged(state, worker);
}

/** What a task of a job will take, seconds of one slot. */
export function expectedSeconds(job: JobRun): number {
  return job.taskSeconds ?? guessSeconds;
}
