import type { SchedulerState } from '../state/scheduler-state.ts';
import { checkedPlan } from './checked-plan.ts';
import { planInChunks, planOutput } from './plan-output.ts';
import type { ExpressionPlanner } from './plan-request.ts';
import { planStoredPublish } from './plan-stored-publish.ts';
import { planFromKept } from './read-from-kept.ts';
import { type Named, resolveExpression } from './resolve-expression.ts';

/**
 * Blocks of what is persisted are those of its chunks, however small, up to this: who computes on it takes what it reduces in whole columns, which large
 * blocks are too many bytes for.
 */
const persistedBytes = 2 ** 19;
/** Lists of jobs show so much of an expression. */
const longestDescription = 500;

/** Plans expressions over published datasets. */
export function planExpressions(named: Named, state: SchedulerState): ExpressionPlanner {
  return {
    async compute(_jobId, request, pinned, signal) {
      if (request.$case !== 'compute') throw new TypeError('not a computation');
      const { expression, output, persist } = request.value;
      const meant = await resolveExpression(named, expression, pinned, signal);
      const { resolved, text, resolvedDatasets } = meant;
      const plan = checkedPlan(resolved, persist ? { resultBlockBytes: persistedBytes } : {});
      const description = shortened(text);
      // The blocks of what is persisted are its own: they are what a restart finds.
      const kept = persist || output !== undefined ? undefined : await planFromKept(state, resolved, plan);
      if (output === undefined) return { plan, kept, description, resolvedDatasets };
      const written = planOutput(planInChunks(resolved, plan, output), output, meant.datasets);
      return { plan: written, description: `${output.url}: ${description}`, resolvedDatasets };
    },
    async publish(_jobId, request, pinned, signal) {
      if (request.$case !== 'publish') throw new TypeError('not a publish');
      const { expression, name, variable } = request.value;
      const meant = await resolveExpression(named, expression, pinned, signal);
      const { resolved, text, resolvedDatasets } = meant;
      const publish = {
        name,
        variable,
        text,
        sources: Object.values(resolvedDatasets),
        datasets: meant.datasets,
      };
      const plan = planStoredPublish(checkedPlan(resolved), publish);
      return { plan, description: `${name}: ${shortened(text)}`, resolvedDatasets };
    },
  };
}

function shortened(text: string): string {
  return text.length <= longestDescription ? text : `${text.slice(0, longestDescription)}…`;
}
