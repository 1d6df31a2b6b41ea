import { estimate } from '@hyperslab/expression';
import type { Expression } from '@hyperslab/proto/expression';
import type { ExplainResponse } from '@hyperslab/proto/scheduler';
import { fetchedOfPersisted } from '../state/near-inputs.ts';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { checkedPlan } from './checked-plan.ts';
import { planFromKept } from './read-from-kept.ts';
import { type Named, resolveExpression } from './resolve-expression.ts';

export type Explain = (expression: Expression | undefined, signal: AbortSignal) => Promise<ExplainResponse>;

/** Tells how an expression would be computed and what that would take. */
export function createExplain(named: Named, state: SchedulerState): Explain {
  return async (expression, signal) => {
    const { resolved, text, resolvedDatasets } = await resolveExpression(named, expression, {}, signal);
    const own = checkedPlan(resolved);
    const kept = await planFromKept(state, resolved, own);
    const plan = kept?.plan ?? own;
    const { sourceBytes, resultBytes, movedBytes: blockBytes, taskBytes } = estimate(plan);
    const movedBytes = blockBytes + fetchedOfPersisted(state, plan);
    const { result, stages } = plan;
    const cost = { sourceBytes, resultBytes, movedBytes, taskBytes };
    const keptJob = kept?.jobId ?? '';
    return { result, stages, ...cost, expression: text, datasets: resolvedDatasets, keptJob };
  };
}
