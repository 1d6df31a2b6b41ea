import { taskInputs } from '@hyperslab/expression';
import { type Plan, StageKind } from '@hyperslab/proto/expression';
import { jobsReadBy } from './persisted-inputs.ts';
import type { SchedulerState } from './scheduler-state.ts';
import { type TaskTable, taskStates } from './task-table.ts';

/** Of a stage of more tasks it is not worked out what each reads: that takes some ten microseconds a task. */
export const mostLookedAt = 4096;
/** Nor of one whose tasks read more than so many blocks in all: a block takes about a microsecond, in which the scheduler does nothing else. */
const mostInputs = 2 ** 18;
/** Where it is asked what an expression would cost, so many tasks are looked at in all, and so many blocks: a few milliseconds. */
const mostSampled = 512;
const mostSampledInputs = 4096;
const golden = (Math.sqrt(5) - 1) / 2;

/** What a worker has of the persisted blocks that a task reads. */
interface Held {
  blocks: number;
  bytes: number;
}

/**
 * Stages whose tasks may read values, of sources or of what others have persisted, and that `taskInputs` knows. Tasks that write what they evaluate
 * (WRITE_CHUNKS) may as well, and run anywhere; all others of a computation read what earlier stages have made.
 */
const readingKinds: readonly StageKind[] = [
  StageKind.STAGE_KIND_EVALUATE,
  StageKind.STAGE_KIND_EXCHANGE,
  StageKind.STAGE_KIND_REDUCE_PARTIAL,
];

/** Whether it can be asked which values tasks of a stage read. */
export function readsValues(kind: StageKind): boolean {
  return readingKinds.includes(kind);
}

/** Whether it is worth it to look where what the tasks of a stage read is. */
export function isLookedAt(plan: Plan, stage: number): boolean {
  const { tasks } = plan.stages[stage];
  return tasks > 0 && tasks <= mostLookedAt && inputsOfFirst(plan, stage) * tasks <= mostInputs;
}

/** How many blocks the first task of a stage reads, which others are like. */
function inputsOfFirst(plan: Plan, stage: number): number {
  const { persisted, blocks } = taskInputs(plan, stage, 0);
  return persisted.length + blocks.length;
}

/** What workers, by their ordinals, have of the persisted blocks that a task reads: the one with most blocks first. */
export function holdersOf(
  results: ReadonlyMap<string, TaskTable | undefined>,
  plan: Plan,
  stage: number,
  task: number,
): [ordinal: number, held: Held][] {
  const holders = new Map<number, Held>();
  for (const { jobId, block } of taskInputs(plan, stage, task).persisted) {
    const result = results.get(jobId);
    if (result?.stateOf(block) !== taskStates.held) continue;
    const ordinal = result.workerOf(block);
    const held = holders.get(ordinal);
    const bytes = result.bytesOf(block);
    if (held === undefined) holders.set(ordinal, { blocks: 1, bytes });
    else {
      held.blocks++;
      held.bytes += bytes;
    }
  }
  return [...holders].sort(([, a], [, b]) => b.blocks - a.blocks);
}

/**
 * About how many bytes of persisted blocks tasks of a plan would get from other workers, if each ran where most of what it reads is; of each stage a sample of its tasks is
 * asked. Of stages of too many tasks or blocks, which run anywhere, all of the arrays that they read.
 */
export function fetchedOfPersisted({ jobs, workers }: SchedulerState, plan: Plan): number {
  const results = new Map(jobsReadBy(plan).map((id) => [id, jobs.get(id)?.stages.at(-1)?.tasks]));
  if (results.size === 0 || workers.size < 2) return 0;
  const stages = [...plan.stages.keys()].filter(
    (stage) => plan.stages[stage].tasks > 0 && readsValues(plan.stages[stage].kind),
  );
  let bytes = 0;
  for (const stage of stages) {
    const asked = sampleOf(plan, stage, stages.length);
    if (isLookedAt(plan, stage)) {
      const others = asked.flatMap((task) => holdersOf(results, plan, stage, task).slice(1));
      const fetched = others.reduce((sum, [, held]) => sum + held.bytes, 0);
      bytes += Math.round((fetched / asked.length) * plan.stages[stage].tasks);
    } else {
      const read = asked.flatMap((task) => taskInputs(plan, stage, task).persisted);
      for (const id of new Set(read.map(({ jobId }) => jobId))) bytes += results.get(id)?.heldBytes ?? 0;
    }
  }
  return bytes;
}

/** Tasks of one of so many stages that are looked at: all, or what stands for them. */
function sampleOf(plan: Plan, stage: number, stages: number): number[] {
  const { tasks } = plan.stages[stage];
  const inputs = Math.max(1, inputsOfFirst(plan, stage));
  const most = Math.min(mostSampled, mostSampledInputs / inputs) / stages;
  if (tasks <= most) return [...Array(tasks).keys()];
  // Steps of the golden section lie evenly, however many, and in step with no rows of blocks.
  return Array.from({ length: Math.max(1, Math.floor(most)) }, (_, i) =>
    Math.floor(((i * golden) % 1) * tasks),
  );
}
