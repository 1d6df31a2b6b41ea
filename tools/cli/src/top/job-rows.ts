import { hasEnded } from '@hyperslab/client';
import type { Job } from '@hyperslab/proto/scheduler';
import { jsonJob } from '../output/json-job.ts';
import { progressBar } from './bars.ts';
import type { ClusterPicture } from './cluster-picture.ts';

const barWidth = 20;

/** A row for each job: those that run, then those that have ended, the latest first of both. */
export function jobRows({ jobs }: ClusterPicture): string[][] {
  return latestFirst(jobs.values()).map(jobRow);
}

/** Jobs that run, then those that have ended, the latest first of both. */
export function latestFirst(jobs: Iterable<Job>): Job[] {
  const time = ({ ended, submitted }: Job) => (ended ?? submitted)?.getTime() ?? 0;
  return [...jobs].sort((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || time(b) - time(a));
}

function jobRow(job: Job): string[] {
  const { id, kind, state, error, description } = jsonJob(job);
  return [
    id,
    kind,
    hasEnded(job) ? state : progressBar(job.tasksDone, job.tasks, barWidth),
    `${job.tasksDone}/${job.tasks}`,
    hasEnded(job) ? '' : job.phase,
    error?.message ?? (job.published || description),
  ];
}
