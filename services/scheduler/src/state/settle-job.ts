import { StageKind } from '@hyperslab/proto/expression';
import type { Effect } from './effects.ts';
import { fail, forgetBlocks, forgetRunning, succeed } from './end-job.ts';
import { goneInput, inputGone, readsComplete } from './persisted-inputs.ts';
import { forgetStages } from './plans.ts';
import { hasEnded, type JobRun, type SchedulerState } from './scheduler-state.ts';
import { taskStates } from './task-table.ts';
import { joinTurns, leaveTurns } from './turns.ts';

/**
 * Brings a job in order after its tasks have changed: blocks that are needed and gone are made again, blocks that no
 * task will read are given back or not made, and when the last stage is complete the job goes on to its end.
 */
export function settle(state: SchedulerState, job: JobRun, now: number, effects: Effect[]): void {
  if (job.released) return;
  const needed = neededStages(job);
  for (let number = job.stages.length - 1; number >= 0; number--) {
    if (!needed[number]) freeStage(state, job, number, effects);
  }
  if (state.kept.has(job) && !isComplete(job, job.stages.length - 1)) {
    // Nobody needs what is gone of it.
    forgetBlocks(state, job, effects);
    return;
  }
  const gone = hasWaiting(job) ? goneInput(job) : undefined;
  if (gone !== undefined) {
    fail(state, job, inputGone(gone), now, effects);
    return;
  }
  if (hasWaiting(job)) joinTurns(state, job);
  else leaveTurns(state, job);

  if (hasEnded(job) || job.phase !== 'running' || !isComplete(job, job.stages.length - 1)) return;
  if (job.kind === 'publish' || job.kind === 'inspect') {
    job.phase = 'committing';
    effects.push({ type: 'FetchDataset', jobId: job.id });
  } else succeed(job, now, effects);
}

/**
 * No task will read the blocks of a stage. Workers that are told to forget it drop its tasks as well, which must not count as
 * theirs from then on: nobody would hear of them again.
 */
function freeStage(state: SchedulerState, job: JobRun, number: number, effects: Effect[]): void {
  const { tasks: table } = job.stages[number];
  if (table === undefined || table.counts[taskStates.freed] === table.count) return;
  const isAnywhere = table.counts[taskStates.held] + table.counts[taskStates.running] > 0;
  forgetRunning(state, job, number);
  table.free();
  if (isAnywhere) forgetStages(job, [number], effects);
}

/**
 * Which stages' blocks are needed: the last one's until the job is released, and those that a needed stage which is
 * not complete will read. Blocks of a needed stage that were freed wait to be made again from here on.
 */
function neededStages(job: JobRun): boolean[] {
  const needed = new Array<boolean>(job.stages.length).fill(false);
  for (let number = job.stages.length - 1; number >= 0; number--) {
    const { consumers, tasks } = job.stages[number];
    needed[number] =
      number === job.stages.length - 1 ||
      consumers.some((consumer) => needed[consumer] && !isComplete(job, consumer));
    if (needed[number]) tasks?.requireFreed();
  }
  return needed;
}

/** Whether any task of a job waits for room or for its inputs. */
export function hasWaiting(job: JobRun): boolean {
  return job.stages.some(({ tasks }) => tasks !== undefined && tasks.counts[taskStates.waiting] > 0);
}

/** Whether every task of a stage is done. */
function isComplete(job: JobRun, stage: number): boolean {
  return job.stages[stage].tasks?.complete ?? false;
}

/** Whether all that the tasks of a stage read is there; of persisted results, whether or not this stage reads them. */
export function inputsComplete(job: JobRun, stage: number): boolean {
  if (!readsComplete(job)) return false;
  return job.plan.stages[stage].inputs.every((input) => {
    const table = job.stages[input].tasks;
    return table?.complete === true && table.counts[taskStates.freed] === 0;
  });
}

/** The stage whose tasks are known only when the objects are listed; -1 when there is none. */
export function indexStage(job: JobRun): number {
  return job.plan.stages.findIndex(({ kind }) => kind === StageKind.STAGE_KIND_INDEX);
}
