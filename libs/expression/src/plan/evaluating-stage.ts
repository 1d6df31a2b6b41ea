import { type Stage, StageKind } from '@hyperslab/proto/expression';

const evaluating: readonly StageKind[] = [
  StageKind.STAGE_KIND_EVALUATE,
  StageKind.STAGE_KIND_EXCHANGE,
  StageKind.STAGE_KIND_REDUCE_PARTIAL,
];

/**
 * A stage as its tasks evaluate nodes; undefined for one whose tasks evaluate none. One that writes chunks evaluates what it writes,
 * unless it writes the blocks of a stage before.
 */
export function evaluatingStage(stage: Stage): Stage | undefined {
  if (stage.kind === StageKind.STAGE_KIND_WRITE_CHUNKS && stage.fanIn !== 1)
    return { ...stage, kind: StageKind.STAGE_KIND_EVALUATE };
  return evaluating.includes(stage.kind) ? stage : undefined;
}
