import { estimate } from '@hyperslab/expression';
import type { Expression } from '@hyperslab/proto/expression';
import type { ExplainResponse } from '@hyperslab/proto/scheduler';
import { checkedPlan } from './checked-plan.ts';
import { type Named, resolveExpression } from './resolve-expression.ts';

export type Explain = (expression: Expression | undefined, signal: AbortSignal) => Promise<ExplainResponse>;

/** Tells how an expression would be computed and what that would take. */
export function createExplain(named: Named): Explain {
  return async (expression, signal) => {
    const { resolved, text, resolvedDatasets } = await resolveExpression(named, expression, {}, signal);
    const plan = checkedPlan(resolved);
    const { sourceBytes, resultBytes, movedBytes, taskBytes } = estimate(plan);
    const { result, stages } = plan;
    const cost = { sourceBytes, resultBytes, movedBytes, taskBytes };
    return { result, stages, ...cost, expression: text, datasets: resolvedDatasets };
  };
}
