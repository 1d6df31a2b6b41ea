import type { JobDefinition } from './scheduler-state.ts';

/** Whether the blocks of a job depend on its plan alone, so that equal ones may share them, and nothing else comes of it. */
export function isComputation({ kind, plan }: JobDefinition): boolean {
  return (kind === 'compute' || kind === 'persist') && plan.output === undefined;
}
