import { HyperslabError } from '@hyperslab/errors';
import { StageKind } from '@hyperslab/proto/expression';
import { computeBlock } from './compute-block.ts';
import { publishStored } from './publish-stored.ts';
import { storeBlock } from './store-block.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

// What only a publish needs is loaded with the first one: the readers of all formats take each thread tens of megabytes.

/** Runs a task, whatever it does: its block, and for EXPAND how many objects it lists. */
export async function runTask(
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<{ bytes: Uint8Array; objects: number }> {
  const { kind } = request.plan.stages[request.stage];
  if (kind === StageKind.STAGE_KIND_EXPAND) {
    const { expandUrls } = await import('./expand-urls.ts');
    return expandUrls(environment, request);
  }
  return { bytes: await blockOf(kind, environment, request), objects: 0 };
}

async function blockOf(
  kind: StageKind,
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<Uint8Array> {
  switch (kind) {
    case StageKind.STAGE_KIND_INDEX: {
      const { indexObjects } = await import('./index-objects.ts');
      return indexObjects(environment, request);
    }
    case StageKind.STAGE_KIND_AGGREGATE: {
      const [input] = request.plan.stages[request.stage].inputs;
      const stored = request.plan.stages[input].kind === StageKind.STAGE_KIND_STORE;
      if (stored) return publishStored(environment, request);
      const { aggregateIndexes } = await import('./aggregate-indexes.ts');
      return aggregateIndexes(environment, request);
    }
    case StageKind.STAGE_KIND_STORE:
      return storeBlock(environment, request);
    case StageKind.STAGE_KIND_BEGIN_OUTPUT:
    case StageKind.STAGE_KIND_WRITE_CHUNKS:
    case StageKind.STAGE_KIND_FINISH_OUTPUT: {
      const { outputTask } = await import('./output/output-task.ts');
      return outputTask(environment, request);
    }
    case StageKind.STAGE_KIND_EVALUATE:
    case StageKind.STAGE_KIND_EXCHANGE:
    case StageKind.STAGE_KIND_REDUCE_PARTIAL:
    case StageKind.STAGE_KIND_REDUCE_COMBINE:
      return computeBlock(environment, request);
    default:
      throw new HyperslabError('INTERNAL', `stage kind ${kind}: this worker does not know it; update it`);
  }
}
