import { cellCount, type RunLengths, regularRuns, runsExtent } from '@hyperslab/array';
import type { PlanNode } from '@hyperslab/proto/expression';

/**
 * What blocks of a node have of another one below it, along each of its dimensions. Where extents differ, as below a coarser grid,
 * it is cut into as many cells.
 */
export function projectGrid(
  { dimensions }: PlanNode,
  blockGrid: readonly RunLengths[],
  below: PlanNode,
): RunLengths[] {
  return below.dimensions.map((name, axis) => {
    const extent = below.shape[axis];
    const runs = blockGrid[dimensions.indexOf(name)];
    if (runs === undefined) return regularRuns(extent, Math.max(1, extent));
    if (runsExtent(runs) === extent) return runs;
    return regularRuns(extent, Math.max(1, Math.ceil(extent / Math.max(1, cellCount(runs)))));
  });
}
