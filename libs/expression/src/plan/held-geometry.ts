import type { NumericType } from '@hyperslab/array';
import { reductionKind } from '@hyperslab/kernels';
import type { PlanGrouping, PlanNode, PlanReduce } from '@hyperslab/proto/expression';
import { groupStarts } from './groupings.ts';
import type { Geometry } from './stage-geometry.ts';

/** Bytes that a cell of sums and the like takes at most: sums, and counts of what is missing or NaN. */
const plainCellBytes = 24;

/**
 * The geometry of what a reduction takes in, with what it holds until its end: a block is not to take more memory for that
 * than for what is read. Of what is reduced a block has all, if parts of it are no smaller when they are reduced.
 */
export function heldGeometry(
  { operation, axes, parameters, groupings }: PlanReduce,
  input: PlanNode,
  geometry: Geometry,
  together: readonly PlanGrouping[] = [],
): Geometry {
  const { cellBytes = groupings.length === 0 ? undefined : () => plainCellBytes, holdsAll } =
    reductionKind(operation);
  if (cellBytes === undefined) return geometry;
  // Of a dimension in groups a block holds those of its part, or all where it cuts through them.
  const held = (extent: number, axis: number) => {
    const grouping = groupings.find((each) => each.axis === axis);
    if (grouping === undefined) return extent;
    if (!together.includes(grouping)) return grouping.groups;
    return Math.ceil((extent * grouping.groups) / Math.max(1, input.shape[axis]));
  };
  const product = (extents: readonly number[], reduced: boolean) =>
    extents.reduce((all, extent, axis) => (axes.includes(axis) === reduced ? all * extent : all), 1);
  const total = groupings.reduce((all, each) => all * largestGroup(each), product(input.shape, true));
  const each = cellBytes(input.dtype as NumericType, total, parameters === '' ? {} : JSON.parse(parameters));
  return {
    ...geometry,
    bytes: (extents) => Math.max(geometry.bytes(extents), each * product(extents.map(held), false)),
    whole: holdsAll ? [...new Set([...geometry.whole, ...axes])] : geometry.whole,
  };
}

/** Indices of the largest group; of groups that are not together of all that there are. */
function largestGroup(grouping: PlanGrouping): number {
  const starts = groupStarts(grouping);
  if (starts === undefined) return grouping.extents.reduce((sum, extent) => sum + extent, 0);
  let largest = 1;
  for (let group = 1; group < starts.length; group++)
    largest = Math.max(largest, starts[group] - starts[group - 1]);
  return largest;
}
