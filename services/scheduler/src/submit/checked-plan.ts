import { HyperslabError } from '@hyperslab/errors';
import { type PlanOptions, planComputation, type ResolvedExpression } from '@hyperslab/expression';
import type { Plan } from '@hyperslab/proto/expression';

/** A stage's columns are held whole: four bytes a task, eight when blocks are of different sizes. */
const mostTasks = 20_000_000;

/** The plan of a computation. @throws HyperslabError TOO_LARGE */
export function checkedPlan(resolved: ResolvedExpression, options: PlanOptions = {}): Plan {
  const plan = planComputation(resolved, options);
  const most = Math.max(...plan.stages.map(({ tasks }) => tasks));
  if (most <= mostTasks) return plan;
  throw new HyperslabError(
    'TOO_LARGE',
    `expression: it takes ${most} tasks, more than ${mostTasks}; select less, or reduce more`,
  );
}
