import { StageKind } from '@hyperslab/proto/expression';
import { protocolVersions } from '@hyperslab/rpc';
import { adoptBlocks } from './adopt-blocks.ts';
import type { Effect } from './effects.ts';
import type { EndedJob } from './events.ts';
import { takeKept } from './expected-jobs.ts';
import { protocolOfPlan } from './protocol-of-plan.ts';
import type { JobDefinition, JobRun, SchedulerState, StageRun } from './scheduler-state.ts';
import { settle } from './settle-job.ts';
import { TaskTable } from './task-table.ts';

/** A job begins: its tasks wait for room. One that is known already stays as it is. */
export function acceptJob(
  state: SchedulerState,
  definition: JobDefinition,
  now: number,
  effects: Effect[],
): void {
  if (state.jobs.has(definition.id)) return;
  const job: JobRun = {
    ...definition,
    phase: 'running',
    acceptedMs: now,
    listing: '',
    protocolVersion: protocolOfPlan(definition.plan),
    stages: emptyStages(definition),
    workers: new Set(),
    released: false,
    story: [],
    readMs: now,
    published: '',
    cubes: 0,
    tasksStarted: 0,
    taskShare: 1,
    lastProgress: { tasks: 0, done: 0 },
  };
  state.jobs.set(job.id, job);
  const kept = takeKept(state, job.id);
  settle(state, job, now, effects);
  for (const [worker, held] of kept) adoptBlocks(state, worker, held, now, effects);
}

/** A job that ended before a restart is remembered, without its result. */
export function restoreJob(state: SchedulerState, ended: EndedJob): void {
  state.jobs.set(ended.id, {
    ...ended,
    acceptedMs: ended.submittedMs,
    listing: '',
    protocolVersion: protocolVersions.oldest,
    stages: [],
    workers: new Set(),
    released: true,
    story: [],
    readMs: ended.endedMs,
    tasksStarted: 0,
    taskShare: 1,
    lastProgress: { tasks: 0, done: 0 },
  });
}

function emptyStages({ plan }: JobDefinition): StageRun[] {
  return plan.stages.map((stage, number) => ({
    tasks: stage.kind === StageKind.STAGE_KIND_INDEX ? undefined : new TaskTable(stage.tasks),
    consumers: plan.stages.flatMap(({ inputs }, consumer) => (inputs.includes(number) ? [consumer] : [])),
  }));
}
