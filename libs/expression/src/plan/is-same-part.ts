import { isDeepStrictEqual } from 'node:util';
import { reductionKind } from '@hyperslab/kernels';
import { type Plan, type PlanReduce, type Stage, StageKind } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import { evaluatedNodes, geometryOf, preparePlan } from '../task/prepared-plan.ts';
import { partElements } from '../task/tile-parts.ts';
import { defaultTileBytes } from '../task/tiles.ts';
import { reduceOf } from './plan-computation.ts';

/**
 * Whether the result of one plan has the bits, where they overlap, of that of another one which is the same computation of less. Both must make each
 * element by itself, or by what comes to the same in any order; of a sum or a mean, both must take in rows one after the other along one
 * dimension, cut at the same places. Others may differ in the last bit: true is sure, false is not.
 */
export function isSamePart(whole: Plan, part: Plan): boolean {
  const [sums, partSums] = [whole, part].map(sumsOf);
  if (sums === undefined || partSums === undefined) return false;
  // Which of several is which of the others is not known.
  return sums.length === partSums.length && sums.length <= 1 && isDeepStrictEqual(sums, partSums);
}

/** What decides in which order a reduction adds. */
interface Order extends Pick<PlanReduce, 'operation' | 'parameters'> {
  dimension: string;
  cut: Stage['blockGrid'][number];
}

/** How a plan adds, of each reduction for which the order makes a difference; undefined when there is more to it. */
function sumsOf(plan: Plan): Order[] | undefined {
  const sums: Order[] = [];
  for (const { kind } of plan.nodes)
    if (kind?.$case === 'operation' && !ruleOf(kind.value).rule.byElement) return undefined;
  for (const [node, { kind }] of plan.nodes.entries()) {
    if (kind?.$case !== 'reduce') continue;
    if (reductionKind(kind.value.operation).addsBy === 'elements') {
      // Of 0 and -0, which are equal, the first stays: along several dimensions that depends on how tiles are cut.
      const { axes, groupings } = kind.value;
      if (kind.value.operation !== 'count' && axes.length + groupings.length > 1) return undefined;
      continue;
    }
    const stage = plan.stages.find((each) => each.node === node && isFirst(each));
    const order = stage && orderOf(plan, stage);
    if (order === undefined) return undefined;
    sums.push(order);
  }
  return sums;
}

function isFirst({ kind }: Stage): boolean {
  return kind === StageKind.STAGE_KIND_REDUCE_PARTIAL;
}

/** The order in which a reduction adds, if it adds elements to each cell one by one: rows of neighbours, which are never of one element, to as many cells. */
function orderOf(plan: Plan, stage: Stage): Order | undefined {
  const { operation, parameters, input, axes, others, groupings } = reduceOf(plan.nodes[stage.node]);
  const { dimensions, shape } = plan.nodes[input];
  const [axis, ...further] = axes;
  const last = shape.length - 1;
  if (axis === undefined || axis === last || further.length + others.length + groupings.length > 0)
    return undefined;
  const prepared = preparePlan(plan);
  const { bytes, chunks } = geometryOf(prepared, evaluatedNodes(prepared, stage));
  const row = shape.map((extent, each) => (each === last ? extent : 1));
  // Neither tiles nor parts of them cut through what they take in along the last dimension.
  if (shape[last] > partElements || bytes(row) > defaultTileBytes) return undefined;
  if ([...chunks[last].sizes, ...stage.blockGrid[last].sizes].some((size) => size < 2)) return undefined;
  if (reductionKind(operation).addsBy !== 'lines') return undefined;
  return { operation, parameters, dimension: dimensions[axis], cut: stage.blockGrid[axis] };
}
