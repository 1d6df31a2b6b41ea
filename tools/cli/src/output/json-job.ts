import { type Job, JobPriority, jobKindToJSON, jobStateToJSON } from '@hyperslab/proto/scheduler';

const priorities: Partial<Record<JobPriority, string>> = {
  [JobPriority.JOB_PRIORITY_HIGH]: 'high',
  [JobPriority.JOB_PRIORITY_LOW]: 'low',
};

/** A job as `jobs --json` prints it. */
export function jsonJob(job: Job) {
  return {
    id: job.jobId,
    kind: jobKindToJSON(job.kind).replace('JOB_KIND_', '').toLowerCase(),
    state: jobStateToJSON(job.state).replace('JOB_STATE_', '').toLowerCase(),
    description: job.description,
    caller: job.caller,
    priority: priorities[job.priority] ?? 'normal',
    submitted: job.submitted?.toISOString() ?? null,
    ended: job.ended?.toISOString() ?? null,
    tasks: job.tasks,
    tasks_done: job.tasksDone,
    tasks_running: job.tasksRunning,
    phase: job.phase,
    published: job.published || null,
    error: job.error
      ? { code: job.error.reason, message: job.error.message, details: { ...job.error.details } }
      : null,
  };
}
