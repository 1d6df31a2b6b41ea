import type { MaskedArray } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import type { PlanGrouping } from '@hyperslab/proto/expression';
import { combinations } from './box.ts';
import { partOfArray } from './tile-parts.ts';

/** Groups that follow each other with as many indices each, from an index on. */
export interface Segment {
  start: number;
  groups: number;
  /** Indices of each group. */
  extent: number;
  /** The first group. */
  group: number;
}

/** What of a tile is reduced at once: `shape` from `origin` on, within the tile, of which grouped dimensions are cut in two. */
export interface TilePart {
  origin: number[];
  shape: number[];
  segments: Segment[];
}

const ends = new WeakMap<PlanGrouping, Float64Array>();

/** Segments of a range of indices of a grouped dimension, without indices that are in no group. */
export function segmentsOf(grouping: PlanGrouping, start: number, end: number): Segment[] {
  const { extents, members, groups } = grouping;
  const runEnds = endsOf(grouping);
  const segments: Segment[] = [];
  for (let run = runAt(runEnds, start), at = start; at < end; run++) {
    const extent = Math.min(end, runEnds[run]) - at;
    const last = segments.at(-1);
    if (extents[run] === 0 || members[run] >= groups) {
      at += extent;
      continue;
    }
    if (
      last !== undefined &&
      last.extent === extent &&
      last.group + last.groups === members[run] &&
      last.start + last.groups * last.extent === at
    )
      last.groups++;
    else segments.push({ start: at, groups: 1, extent, group: members[run] });
    at += extent;
  }
  return segments;
}

function groupByGroup({ start, groups, extent, group }: Segment): Segment[] {
  return Array.from({ length: groups }, (_, i) => {
    return { start: start + i * extent, groups: 1, extent, group: group + i };
  });
}

/** How many of a range of indices are in each group from `first` up to `last`. */
export function countsOf(
  grouping: PlanGrouping,
  start: number,
  end: number,
  first: number,
  last: number,
): number[] {
  const counts = new Array<number>(last - first).fill(0);
  for (const { groups, extent, group } of segmentsOf(grouping, start, end))
    for (let i = 0; i < groups; i++) counts[group + i - first] += extent;
  return counts;
}

function endsOf(grouping: PlanGrouping): Float64Array {
  let found = ends.get(grouping);
  if (found === undefined) {
    let end = 0;
    found = Float64Array.from(grouping.extents, (extent) => (end += extent));
    ends.set(grouping, found);
  }
  return found;
}

function runAt(runEnds: Float64Array, index: number): number {
  let [low, high] = [0, runEnds.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (runEnds[middle] > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The parts of a tile of `shape` whose first element is at `start` of the input, in row-major order of their segments; with `oneByOne`, each of one group along
 * each dimension, so that an element's place follows from where the part begins.
 */
export function* partsOfTile(
  groupings: readonly PlanGrouping[],
  start: readonly number[],
  shape: readonly number[],
  oneByOne = false,
): Generator<TilePart> {
  const segments = groupings.map((grouping) => {
    const { axis } = grouping;
    const found = segmentsOf(grouping, start[axis], start[axis] + shape[axis]);
    return oneByOne ? found.flatMap(groupByGroup) : found;
  });
  for (const choice of combinations(segments.map((each) => [...each.keys()]))) {
    const chosen = choice.map((number, i) => segments[i][number]);
    const part = { origin: shape.map(() => 0), shape: [...shape], segments: chosen };
    groupings.forEach(({ axis }, i) => {
      part.origin[axis] = chosen[i].start - start[axis];
      part.shape[axis] = chosen[i].groups * chosen[i].extent;
    });
    yield part;
  }
}

/**
 * A part of an array whose dimensions are `axes` of a tile, with its grouped dimensions cut in two: groups, and indices of
 * each. It shares the memory of the array where its elements lie together, else it is a copy in `memory`.
 */
export function takePart(
  array: MaskedArray,
  axes: readonly number[],
  part: TilePart,
  cutAxes: readonly number[],
  memory: Allocator,
): MaskedArray {
  const origin = axes.map((axis) => part.origin[axis]);
  const extents = axes.map((axis) => part.shape[axis]);
  const shape = axes.flatMap((axis, i) => {
    const cut = cutAxes.indexOf(axis);
    return cut < 0 ? [extents[i]] : [part.segments[cut].groups, part.segments[cut].extent];
  });
  return { ...partOfArray(array, { origin, shape: extents }, memory), shape };
}
