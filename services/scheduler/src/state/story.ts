import type { JobError } from '@hyperslab/proto/scheduler';
import type { JobRun } from './scheduler-state.ts';

const remembered = 6;

/** Adds a line to what went wrong on the way of a job; the oldest lines go. */
export function tell(job: JobRun, line: string): void {
  job.story.push(line);
  if (job.story.length > remembered) job.story.shift();
}

/** An error that carries the story of its job. */
export function withStory(job: JobRun, error: JobError): JobError {
  if (job.story.length === 0) return error;
  return { ...error, details: { ...error.details, story: job.story.join('; ') } };
}
