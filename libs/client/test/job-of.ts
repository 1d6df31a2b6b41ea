import { type Job, JobKind, JobPriority, JobState } from '@hyperslab/proto/scheduler';

/** A running compute job, but for what a test says. */
export function jobOf(parts: Partial<Job> = {}): Job {
  return {
    jobId: 'job-1',
    kind: JobKind.JOB_KIND_COMPUTE,
    state: JobState.JOB_STATE_RUNNING,
    description: '',
    caller: '',
    tasks: 0,
    tasksDone: 0,
    tasksRunning: 0,
    phase: '',
    published: '',
    cubes: 0,
    resultBytes: 0,
    leftOut: [],
    heldAt: '',
    priority: JobPriority.JOB_PRIORITY_UNSPECIFIED,
    datasets: {},
    fingerprint: '',
    ...parts,
  };
}
