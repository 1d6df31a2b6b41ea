import type { Job } from '@hyperslab/proto/scheduler';
import { jobView } from '../jobs/job-view.ts';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';

/** Longer texts are for those who ask for the job: a list of URLs may be as long as it likes. */
const longestText = 500;

/** A job as watchers of the cluster get it, again and again: without what may be large. */
export function watchedJob(run: JobRun, state: Pick<SchedulerState, 'open'>): Job {
  const job = jobView(run, state);
  const { description, error } = job;
  return {
    ...job,
    result: undefined,
    description: cut(description),
    error: error && {
      ...error,
      message: cut(error.message),
      details: Object.fromEntries(Object.entries(error.details).map(([name, text]) => [name, cut(text)])),
    },
  };
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
