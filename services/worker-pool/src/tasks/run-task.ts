import { HyperslabError } from '@hyperslab/errors';
import { StageKind } from '@hyperslab/proto/expression';
import { aggregateIndexes } from './aggregate-indexes.ts';
import { computeBlock } from './compute-block.ts';
import { expandUrls } from './expand-urls.ts';
import { indexObjects } from './index-objects.ts';
import { publishStored } from './publish-stored.ts';
import { storeBlock } from './store-block.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Runs a task, whatever it does: its block, and for EXPAND how many objects it lists. */
export async function runTask(
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<{ bytes: Uint8Array; objects: number }> {
  const { kind } = request.plan.stages[request.stage];
  if (kind === StageKind.STAGE_KIND_EXPAND) return expandUrls(environment.storage, request);
  return { bytes: await blockOf(kind, environment, request), objects: 0 };
}

function blockOf(kind: StageKind, environment: TaskEnvironment, request: TaskRequest): Promise<Uint8Array> {
  switch (kind) {
    case StageKind.STAGE_KIND_INDEX:
      return indexObjects(environment.storage, request);
    case StageKind.STAGE_KIND_AGGREGATE: {
      const [input] = request.plan.stages[request.stage].inputs;
      const stored = request.plan.stages[input].kind === StageKind.STAGE_KIND_STORE;
      return stored ? publishStored(environment, request) : aggregateIndexes(environment, request);
    }
    case StageKind.STAGE_KIND_STORE:
      return storeBlock(environment, request);
    case StageKind.STAGE_KIND_EVALUATE:
    case StageKind.STAGE_KIND_REDUCE_PARTIAL:
    case StageKind.STAGE_KIND_REDUCE_COMBINE:
      return computeBlock(environment, request);
    default:
      throw new HyperslabError('INTERNAL', `stage kind ${kind}: this worker does not know it; update it`);
  }
}
