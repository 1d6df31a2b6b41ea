import { StageKind } from '@hyperslab/proto/expression';
import { type Job, JobKind, JobPriority, JobState } from '@hyperslab/proto/scheduler';
import { newestProtocol, waitsForNewer } from '../state/newest-protocol.ts';
import { progress } from '../state/progress.ts';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';
import { runOf } from '../state/shared-results.ts';
import { taskStates } from '../state/task-table.ts';

const kinds = {
  compute: JobKind.JOB_KIND_COMPUTE,
  persist: JobKind.JOB_KIND_PERSIST,
  publish: JobKind.JOB_KIND_PUBLISH,
  inspect: JobKind.JOB_KIND_INSPECT,
} as const;

const states = {
  running: JobState.JOB_STATE_RUNNING,
  committing: JobState.JOB_STATE_RUNNING,
  succeeded: JobState.JOB_STATE_SUCCEEDED,
  failed: JobState.JOB_STATE_FAILED,
  cancelled: JobState.JOB_STATE_CANCELLED,
} as const;

const priorities = {
  high: JobPriority.JOB_PRIORITY_HIGH,
  normal: JobPriority.JOB_PRIORITY_UNSPECIFIED,
  low: JobPriority.JOB_PRIORITY_LOW,
} as const;

const activities: Partial<Record<StageKind, string>> = {
  [StageKind.STAGE_KIND_EVALUATE]: 'computing',
  [StageKind.STAGE_KIND_EXCHANGE]: 'exchanging',
  [StageKind.STAGE_KIND_REDUCE_PARTIAL]: 'reducing',
  [StageKind.STAGE_KIND_REDUCE_COMBINE]: 'combining',
  [StageKind.STAGE_KIND_EXPAND]: 'listing files',
  [StageKind.STAGE_KIND_INDEX]: 'indexing files',
  [StageKind.STAGE_KIND_AGGREGATE]: 'merging',
  [StageKind.STAGE_KIND_STORE]: 'storing',
  [StageKind.STAGE_KIND_BEGIN_OUTPUT]: 'making room',
  [StageKind.STAGE_KIND_WRITE_CHUNKS]: 'writing',
  [StageKind.STAGE_KIND_FINISH_OUTPUT]: 'writing metadata',
};

/** What is looked at of the state for a view of a job: who might do it. */
type Workers = Pick<SchedulerState, 'open'>;

/** A job as its watchers see it. */
export function jobView(job: JobRun, state: Workers): Job {
  const { tasks, done } = progress(job);
  let running = 0;
  let bytes = 0;
  const run = runOf(job);
  for (const { tasks: table } of run.stages) {
    running += table?.counts[taskStates.running] ?? 0;
    bytes += table?.heldBytes ?? 0;
  }
  return {
    jobId: job.id,
    kind: kinds[job.kind],
    state: jobState(job),
    description: job.description,
    caller: job.caller,
    priority: priorities[job.priority],
    submitted: new Date(job.submittedMs),
    ended: job.endedMs === undefined ? undefined : new Date(job.endedMs),
    tasks,
    tasksDone: done,
    tasksRunning: running,
    phase: activity(job, state),
    error: job.error,
    result: job.plan.result,
    published: job.published,
    cubes: job.cubes,
    resultBytes: bytes,
    leftOut: [...(job.leftOut ?? [])],
    heldAt: '',
    datasets: {},
    fingerprint: '',
  };
}

/**
 * A job as whoever reads its result sees it: with the versions of datasets and the plan that it is made of, and the address of the worker
 * that has the first block of it, or is making it.
 */
export function readersView(state: SchedulerState, job: JobRun): Job {
  const table = runOf(job).stages.at(-1)?.tasks;
  const view = { ...jobView(job, state), datasets: job.resolvedDatasets, fingerprint: job.fingerprint };
  if (table === undefined || table.count === 0) return view;
  const first = table.stateOf(0);
  if (first !== taskStates.held && first !== taskStates.running) return view;
  return { ...view, heldAt: state.workersByOrdinal.get(table.workerOf(0))?.address ?? '' };
}

export function jobState(job: JobRun): JobState {
  const isQueued = job.phase === 'running' && runOf(job).tasksStarted === 0;
  return isQueued ? JobState.JOB_STATE_QUEUED : states[job.phase];
}

function activity(job: JobRun, state: Workers): string {
  if (job.phase === 'committing') return job.kind === 'publish' ? 'committing' : 'merging';
  if (job.phase !== 'running') return job.phase;
  const run = runOf(job);
  if (waitsForNewer(run, newestProtocol(state))) return 'waiting for newer workers';
  const { stages, plan } = run;
  const current = stages.findIndex(({ tasks }) => tasks?.complete !== true);
  return activities[plan.stages[current]?.kind] ?? 'waiting for workers';
}
