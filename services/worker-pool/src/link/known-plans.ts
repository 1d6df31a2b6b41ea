import { heldByTasks } from '@hyperslab/expression';
import { type OutputPlan, Plan, type ResultDescription } from '@hyperslab/proto/expression';
import type { JobPlan } from '@hyperslab/proto/scheduler';
import { type WritingNeed, writingNeed } from './writing-need.ts';

/** A job that this worker has tasks of, or had. */
export interface KnownPlan {
  bytes: Uint8Array;
  fingerprint: string;
  traceparent: string;
  /** The store that it has workers write. */
  output: OutputPlan | undefined;
  writing: WritingNeed | undefined;
  /** Bytes of weights that a task of each stage holds. */
  weights: readonly number[];
  /** Jobs whose blocks its tasks read. */
  reads: string[];
  /** What comes out of it; absent where that is nothing to be read. */
  result: KnownResult | undefined;
  /** How long the tasks of each stage took here: a moving average, milliseconds; nothing of those that none is done of. */
  taskMs: number[];
}

/** What a plan says of its result, for those who read it. */
export interface KnownResult {
  result: ResultDescription;
  /** The stage that makes it, and how many blocks it has. */
  stage: number;
  tasks: number;
}

/** How much the latest tasks count against those before them. */
const weight = 0.2;
/** Tasks that take no longer go to a thread several at once. */
const shortMs = 1;
/** So much work goes to a thread at once, milliseconds, and so many tasks at most. */
const togetherMs = 5;
const mostTogether = 512;

export function knownPlan({ plan, fingerprint, traceparent }: JobPlan): KnownPlan {
  const bytes = Plan.encode(plan ?? Plan.create()).finish();
  const reads = (plan?.sources ?? []).flatMap(({ persisted }) => persisted?.jobId ?? []);
  return {
    bytes,
    fingerprint,
    traceparent,
    output: plan?.output,
    writing: plan && writingNeed(plan),
    weights: plan === undefined ? [] : heldByTasks(plan),
    reads,
    result: resultOf(plan),
    taskMs: [],
  };
}

function resultOf(plan: Plan | undefined): KnownResult | undefined {
  const last = plan?.stages.at(-1);
  if (plan?.result === undefined || last === undefined) return undefined;
  return { result: plan.result, stage: plan.stages.length - 1, tasks: last.tasks };
}

/** Takes note of how long a task of a stage took, on average of some. */
export function learnTaskMs({ taskMs }: KnownPlan, stage: number, ms: number): void {
  const before = taskMs[stage] ?? ms;
  taskMs[stage] = before + weight * (ms - before);
}

/**
 * How many tasks of a stage go to a thread at once: several only when they are known to be short and nobody records them
 * one by one.
 */
export function tasksTogether(known: KnownPlan | undefined, stage: number): number {
  const ms = known?.taskMs[stage];
  if (known === undefined || ms === undefined || ms > shortMs || known.traceparent !== '') return 1;
  return Math.min(mostTogether, Math.ceil(togetherMs / Math.max(ms, togetherMs / mostTogether)));
}
