import { assertDatasetName } from '@hyperslab/cube/dataset-name';
import type { Plan } from '@hyperslab/proto/expression';
import type { JobRequest } from './job-identity.ts';
import { planPublish } from './plan-publish.ts';
import type { KeptReading } from './read-from-kept.ts';

/** A request, understood. */
export interface PlannedRequest {
  plan: Plan;
  /** A plan of the same result that reads it from that of another job, as long as that is there. */
  kept?: KeptReading;
  /** In words, for lists of jobs. */
  description: string;
  /** Datasets as they were named, with the version that each meant. */
  resolvedDatasets: Record<string, string>;
}

/** Plans a request; `pinned` says which versions names mean, where an earlier run has settled that. */
export type PlanRequest = (
  jobId: string,
  request: JobRequest,
  pinned: Record<string, string>,
  signal: AbortSignal,
) => Promise<PlannedRequest>;

/** How expressions are planned: for their values, or to publish these. */
export interface ExpressionPlanner {
  compute: PlanRequest;
  publish: PlanRequest;
}

/** Plans requests of every kind. */
export function createPlanRequest(expressions: ExpressionPlanner): PlanRequest {
  return async (jobId, request, pinned, signal) => {
    if (request.$case === 'compute') return expressions.compute(jobId, request, pinned, signal);
    if (request.$case === 'inspect') {
      const description = request.value.urls.join(' ');
      return { plan: planPublish('', request.value), description, resolvedDatasets: {} };
    }
    const { name, expression } = request.value;
    assertDatasetName(name);
    if (expression !== undefined) return expressions.publish(jobId, request, pinned, signal);
    return { plan: planPublish(name, request.value), description: name, resolvedDatasets: {} };
  };
}
