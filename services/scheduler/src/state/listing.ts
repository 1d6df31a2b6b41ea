import { StageKind } from '@hyperslab/proto/expression';
import type { JobRun } from './scheduler-state.ts';
import { indexStage } from './settle-job.ts';

/**
 * Name of the listing of objects that a try of a task belongs to: each try of EXPAND makes one of its own, all other
 * tasks follow the latest that was made. Different after a restart. Empty for jobs that list nothing.
 */
export function listingOf(job: JobRun, stage: number, attempt: number): string {
  if (indexStage(job) < 0) return '';
  const lists = job.plan.stages[stage].kind === StageKind.STAGE_KIND_EXPAND;
  return lists ? `${job.acceptedMs}-${attempt}` : job.listing;
}
