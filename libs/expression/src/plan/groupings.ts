import { appendRun, cellCount, type RunLengths } from '@hyperslab/array';
import type { PlanGrouping, PlanReduce } from '@hyperslab/proto/expression';
import { largestCell } from './run-lengths.ts';

/** Common cells of chunks and groups may be so many times as large as either; else groups are taken as they are. */
const mostJoined = 4;

const known = new WeakMap<PlanGrouping, { starts: Float64Array | undefined }>();

/**
 * Where groups begin that are neighbours in order: group g has the indices from starts[g] up to starts[g + 1]. Undefined for
 * groups that are not, or where indices are left out.
 */
export function groupStarts(grouping: PlanGrouping): Float64Array | undefined {
  let found = known.get(grouping);
  if (found === undefined) {
    found = { starts: findStarts(grouping) };
    known.set(grouping, found);
  }
  return found.starts;
}

function findStarts({ groups, extents, members }: PlanGrouping): Float64Array | undefined {
  const starts = new Float64Array(groups + 1);
  let at = 0;
  let group = 0;
  for (let run = 0; run < members.length; run++) {
    const member = members[run];
    if (member >= groups || (run > 0 && member < members[run - 1])) return undefined;
    for (; group <= member; group++) starts[group] = at;
    at += extents[run];
  }
  starts.fill(at, group);
  return starts;
}

/** The first group that begins at an index or after it. */
function firstGroupFrom(starts: Float64Array, index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (starts[middle] >= index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Groups of a part of the indices that cuts through none: from the first up to the second, those of no index included. */
export function groupsWithin(starts: Float64Array, start: number, end: number): [first: number, end: number] {
  const groups = starts.length - 1;
  return [firstGroupFrom(starts, start), end === starts[groups] ? groups : firstGroupFrom(starts, end)];
}

const grids = new WeakMap<RunLengths, Map<PlanGrouping, RunLengths | undefined>>();

/** How many groups each block of a dimension has; undefined where blocks cut through groups, so that each has all groups. */
export function groupsOfBlocks(grouping: PlanGrouping, blocks: RunLengths): RunLengths | undefined {
  let found = grids.get(blocks);
  if (found === undefined) {
    found = new Map();
    grids.set(blocks, found);
  }
  if (!found.has(grouping)) found.set(grouping, findGroups(grouping, blocks));
  return found.get(grouping);
}

function findGroups(grouping: PlanGrouping, blocks: RunLengths): RunLengths | undefined {
  const starts = groupStarts(grouping);
  if (starts === undefined) return undefined;
  const runs: RunLengths = { sizes: [], counts: [] };
  let end = 0;
  for (let i = 0; i < blocks.sizes.length; i++) {
    for (let cell = 0; cell < blocks.counts[i]; cell++) {
      const start = end;
      end += blocks.sizes[i];
      const [first, last] = groupsWithin(starts, start, end);
      if (starts[first] !== start || starts[last] !== end) return undefined;
      appendRun(runs, last - first, 1);
    }
  }
  return runs;
}

/** Dimensions of a reduction's input whose blocks are partial results of the same cells. */
export function partialAxes({ axes, groupings }: PlanReduce, blockGrid: readonly RunLengths[]): number[] {
  const cut = groupings.filter(
    (grouping) => groupsOfBlocks(grouping, blockGrid[grouping.axis]) === undefined,
  );
  return [...axes, ...cut.map(({ axis }) => axis)];
}

/**
 * Smallest extents along a dimension that cut through no group: as far as can be ends of chunks too, so that no chunk is read
 * for two blocks.
 */
export function unitsOfGroups(starts: Float64Array, chunks: RunLengths): RunLengths {
  const chunk = largestCell(chunks);
  const common: RunLengths = { sizes: [], counts: [] };
  const packed: RunLengths = { sizes: [], counts: [] };
  let [commonEnd, packedEnd, largest] = [0, 0, 1];
  const isChunkEnd = chunkEnds(chunks);
  for (let group = 1; group < starts.length; group++) {
    const end = starts[group];
    largest = Math.max(largest, end - starts[group - 1]);
    const isLast = group === starts.length - 1;
    if (end > commonEnd && (isLast || isChunkEnd(end))) {
      appendRun(common, end - commonEnd, 1);
      commonEnd = end;
    }
    if (end > packedEnd && (isLast || end - packedEnd >= chunk)) {
      appendRun(packed, end - packedEnd, 1);
      packedEnd = end;
    }
  }
  return largestCell(common) <= mostJoined * Math.max(chunk, largest) ? common : packed;
}

/** Tells of indices, in ascending order, whether a chunk ends before them. */
function chunkEnds(chunks: RunLengths): (index: number) => boolean {
  const cells = cellCount(chunks);
  let [run, cell, end, passed] = [0, 0, 0, 0];
  return (index) => {
    while (end < index && passed < cells) {
      end += chunks.sizes[run];
      passed++;
      if (++cell === chunks.counts[run]) [run, cell] = [run + 1, 0];
    }
    return end === index;
  };
}
