import { elementCount, isFixedWidth, itemSize } from '@hyperslab/array';
import type { Expression, Plan } from '@hyperslab/proto/expression';
import type { ExplainResponse } from '@hyperslab/proto/scheduler';
import type { CatalogDatasets } from './catalog-datasets.ts';
import { checkedPlan } from './plan-expressions.ts';
import { resolveExpression } from './resolve-expression.ts';

export type Explain = (expression: Expression | undefined, signal: AbortSignal) => Promise<ExplainResponse>;

/** Tells how an expression would be computed and what that would take. */
export function createExplain(datasets: CatalogDatasets): Explain {
  return async (expression, signal) => {
    const { resolved, text } = await resolveExpression(datasets, expression, {}, signal);
    const plan = checkedPlan(resolved);
    return {
      result: plan.result,
      stages: plan.stages,
      sourceBytes: sourceBytes(plan),
      resultBytes: plan.result === undefined ? 0 : bytesOf(plan.result.dtype, plan.result.shape),
      expression: text,
    };
  };
}

function sourceBytes({ nodes, sources }: Plan): number {
  let bytes = 0;
  for (const { kind } of nodes) {
    if (kind?.$case !== 'read') continue;
    const counts = kind.value.ranges.map(({ count }) => count);
    bytes += bytesOf(sources[kind.value.source].variable?.dtype ?? '', counts);
  }
  return bytes;
}

function bytesOf(dtype: string, shape: readonly number[]): number {
  return elementCount(shape) * (isFixedWidth(dtype) ? itemSize(dtype) : 0);
}
