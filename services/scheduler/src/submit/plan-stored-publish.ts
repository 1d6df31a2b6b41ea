import { HyperslabError } from '@hyperslab/errors';
import type { Dataset } from '@hyperslab/proto/cube';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { coordinateSources } from './coordinate-sources.ts';

/** What a publish of a computed array is. */
export interface StoredPublish {
  /** Of the dataset. */
  name: string;
  /** Of the variable; empty for the name of the result. */
  variable: string;
  /** The expression, in words. */
  text: string;
  /** Datasets and versions that it reads. */
  sources: string[];
  /** Those datasets, for coordinates that are too large to be in the plan. */
  datasets: Dataset[];
}

/** Adds to a computation the stages that store its blocks and describe them as a dataset. */
export function planStoredPublish(plan: Plan, publish: StoredPublish): Plan {
  const last = plan.stages.length - 1;
  if (plan.result === undefined || plan.result.dtype === 'string' || plan.result.dtype === 'char') {
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `expression ${publish.text}: values of type ${plan.result?.dtype} can't be published; publish numbers`,
    );
  }
  const result = { ...plan.result, name: publish.variable || plainName(plan.result.name) };
  return Plan.fromPartial({
    ...plan,
    sources: [...plan.sources, ...coordinateSources(result, publish.datasets)],
    result,
    stages: [
      ...plan.stages,
      { kind: StageKind.STAGE_KIND_STORE, tasks: plan.stages[last].tasks, inputs: [last] },
      { kind: StageKind.STAGE_KIND_AGGREGATE, tasks: 1, inputs: [last + 1] },
    ],
    publish: {
      name: publish.name,
      urls: [publish.text, ...publish.sources],
      merge: {},
      objectsPerTask: 1,
    },
  });
}

/** A variable's name may not be an expression. */
function plainName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(plain) ? plain.slice(0, 200) : `result_${plain}`.slice(0, 200);
}
