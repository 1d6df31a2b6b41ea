import type { JobRun } from './scheduler-state.ts';

/** How much the latest task counts against those before it. */
const weight = 0.1;
/** What a task is taken to need before any is done, seconds. */
const guessSeconds = 0.5;

/** Takes note of how long a task of a job had its slot. */
export function learnPace(job: JobRun, seconds: number): void {
  const before = job.taskSeconds ?? seconds;
  job.taskSeconds = before + weight * (seconds - before);
}

/** What a task of a job will take, seconds of one slot. */
export function expectedSeconds(job: JobRun): number {
  return job.taskSeconds ?? guessSeconds;
}
