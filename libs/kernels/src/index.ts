export { type Allocator, ordinaryMemory } from './allocator.ts';
export { type Cumulation, cumulate, cumulatedType } from './along/cumulate.ts';
export { differences } from './along/differences.ts';
export { gather } from './along/gather.ts';
export { type Rolling, rolling, rollingNames, rollingType } from './along/rolling.ts';
export { convert } from './convert.ts';
export { elementwise, foldLiterals } from './elementwise/apply.ts';
export { broadcast } from './elementwise/broadcast.ts';
export { applyChain, type Chain, chainStep } from './elementwise/chain.ts';
export { type ArgumentType, aritiesOf, functionNames, resultType } from './elementwise/functions.ts';
export type { Operand } from './elementwise/operand.ts';
export { hearCancel, whileWanted } from './hear-cancel.ts';
export { type Axis, createAxis, isMonotonic } from './interpolate/axis.ts';
export { type LinearOptions, linearRows, nearestRows, overlapRows } from './interpolate/axis-rows.ts';
export { overlapBytes } from './interpolate/cell-overlaps.ts';
export { type Cells, polygonBytes } from './interpolate/cell-polygons.ts';
export { type ColumnMethod, interpolateColumns } from './interpolate/columns.ts';
export { conservativeRows } from './interpolate/conservative-rows.ts';
export {
  type CurvilinearPoints,
  nearestBytes,
  nearestOnCurvilinear,
  type Places,
} from './interpolate/curvilinear-rows.ts';
export {
  type AxisRows,
  interpolateAxes,
  interpolatedType,
  interpolateTogether,
} from './interpolate/interpolate.ts';
export { interpolateSecondOrder } from './interpolate/interpolate-second-order.ts';
export { QuadBlocks } from './interpolate/quad-blocks.ts';
export { bilinearOnCurvilinear } from './interpolate/quad-rows.ts';
export { secondOrderAxesBytes, secondOrderBetweenAxes } from './interpolate/second-order-axes.ts';
export {
  type SecondOrderRows,
  secondOrderBytes,
  secondOrderRows,
  secondOrderSourceBytes,
} from './interpolate/second-order-rows.ts';
export {
  pairRows,
  partOfRows,
  RowsBuilder,
  rowCount,
  rowsBytes,
  type SparseRows,
  sourceSpan,
  zipRows,
} from './interpolate/sparse-rows.ts';
export type { Degrees } from './interpolate/sphere.ts';
export { kernelVersion } from './kernel-version.ts';
export { type Literal, promote } from './promotion.ts';
export { accumulate } from './reduce/accumulate.ts';
export {
  type Accumulator,
  createAccumulator,
  isReduction,
  type Reduction,
  reductionNames,
  reductionType,
} from './reduce/accumulator.ts';
export { combine } from './reduce/combine.ts';
export { finish } from './reduce/finish.ts';
export { partialFromArrays, partialToArrays } from './reduce/partial-arrays.ts';
export { isAddedAlike } from './reductions/added-alike.ts';
export type {
  OtherOperand,
  PartialReduction,
  ReductionKind,
  ReductionParameters,
  ReductionRequest,
} from './reductions/reduction-kind.ts';
export { reductionKind, reductionKindNames } from './reductions/registry.ts';
export { isWeightable } from './reductions/weighted.ts';
export { SharedLock } from './shared/shared-lock.ts';
export { none, SlotLists } from './shared/slot-lists.ts';
export { type Unpacked, unpack } from './unpack.ts';
export { Arena, type ArenaShare, leastGrowth, mostOfAll, reserveArena } from './wasm/arena.ts';
export { copyBox } from './wasm/copy-box.ts';
export { openRegion, Region } from './wasm/region.ts';
export { areChained } from './wasm/run-chain.ts';
export { allowSimd, shareArena } from './wasm/simd.ts';
export { reserveStage, stageBytes } from './wasm/stage.ts';
export { unshuffleByKernel } from './wasm/unshuffle.ts';
export { warmKernels } from './wasm/warm.ts';
