import type { PlanSource } from '@hyperslab/proto/expression';
import { fusedInputs } from '../../plan/fused-reads.ts';
import { largestCell } from '../../plan/run-lengths.ts';
import type { NodeTable } from '../../resolve/node-table.ts';

/** How many indices along a dimension a chunk of what a node reads has; 1 where none is read along it. */
export function chunkAlong(
  { nodes }: NodeTable,
  sources: readonly PlanSource[],
  node: number,
  dimension: string,
): number {
  let most = 1;
  for (const number of fusedInputs(nodes, [node]).reads) {
    const { kind, dimensions } = nodes[number];
    if (kind?.$case !== 'read' || !dimensions.includes(dimension)) continue;
    const { source, ranges, droppedDimensions } = kind.value;
    const stored = ranges.map((_, i) => i).filter((i) => !droppedDimensions.includes(i))[
      dimensions.indexOf(dimension)
    ];
    const grid = sources[source].variable!.chunkGrid[stored];
    if (grid !== undefined) most = Math.max(most, Math.ceil(largestCell(grid) / ranges[stored].step));
  }
  return most;
}
