import { isDeepStrictEqual } from 'node:util';
import { isSamePart, planComputation, type ResolvedExpression, type Selection } from '@hyperslab/expression';
import type { Plan } from '@hyperslab/proto/expression';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';
import { mayBeReadInPart } from '../state/shared-results.ts';
import { encodePlan } from './encode-plan.ts';

/** A plan that takes a result from what another job has computed. */
export interface KeptReading {
  jobId: string;
  plan: Plan;
}

/**
 * How a selection is read from the result of a job that has computed all of what it selects from, if there is one and that gives the bits that its own plan would:
 * what an answer is must not depend on what others have asked for before.
 */
export async function planFromKept(
  state: SchedulerState,
  { selection }: ResolvedExpression,
  plan: Plan,
): Promise<KeptReading | undefined> {
  if (selection === undefined) return undefined;
  const alike = [...state.lenders.values()].filter((job) => isAlike(job, selection.whole));
  // Whoever has just that part already lends it.
  if (alike.length === 0 || state.lenders.has(encodePlan(plan).fingerprint)) return undefined;
  const { fingerprint } = encodePlan(planComputation(selection.resolveWhole()));
  const job = alike.find((each) => each.fingerprint === fingerprint);
  if (job === undefined || !mayBeReadInPart(state, job) || !isSamePart(job.plan, plan)) return undefined;
  const { id: jobId, plan: made } = job;
  const reading = await selection.readFrom({ jobId, stage: made.stages.length - 1, result: made.result! });
  if (reading === undefined) return undefined;
  // In the blocks of its own plan, which a restart goes back to: whoever was reading it goes on.
  return { jobId, plan: planComputation(reading, { resultGrid: plan.result!.blockGrid }) };
}

/** Whether it is worth it to plan something in order to know whether a job has computed it. */
function isAlike({ plan, phase }: JobRun, { dtype, dimensions, shape }: Selection['whole']): boolean {
  const { result } = plan;
  if (phase !== 'succeeded' || result?.dtype !== dtype) return false;
  return isDeepStrictEqual([result.dimensions, result.shape], [dimensions, shape]);
}
