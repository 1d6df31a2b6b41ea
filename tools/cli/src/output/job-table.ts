import { hasEnded } from '@hyperslab/client';
import type { Job } from '@hyperslab/proto/scheduler';
import { jsonJob } from './json-job.ts';
import { textTable } from './text-table.ts';

/** Jobs as `jobs` prints them: of those that have not ended also what they are at, or wait for. */
export function jobTable(jobs: readonly Job[]): string {
  const rows = jobs.map((job) => {
    const { id, kind, state, submitted, error, description } = jsonJob(job);
    return [
      id,
      kind,
      state,
      `${job.tasksDone}/${job.tasks}`,
      hasEnded(job) ? '' : job.phase,
      submitted ?? '-',
      error?.message ?? description,
    ];
  });
  return textTable(['id', 'kind', 'state', 'tasks', 'phase', 'submitted', 'what'], rows);
}
