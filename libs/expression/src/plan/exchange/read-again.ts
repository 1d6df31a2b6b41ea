import { cellSpan, elementCount, type RunLengths } from '@hyperslab/array';
import type { PlanNode, PlanSource } from '@hyperslab/proto/expression';
import { type Box, touchedCells } from '../../task/box.ts';
import { alignedParts, leavesOf } from '../../task/leaves.ts';
import { largestCell } from '../run-lengths.ts';
import { type MadeGrids, readChunks, widthOf } from '../stage-geometry.ts';

/** What the tasks of a stage read of a node, all together, bytes of decoded values. */
export interface ReadOfNode {
  needed: number;
  /** Of all chunks, or blocks of an earlier stage, that some of it is needed of, once for each task. */
  decoded: number;
}

/**
 * What is decoded of each node that reads a source, or fetched of one that an earlier stage makes, when nodes are evaluated in blocks
 * of a grid of the first: as of a block in the middle.
 */
export function readByBlocks(
  nodes: readonly PlanNode[],
  sources: readonly PlanSource[],
  made: MadeGrids,
  roots: readonly number[],
  blockGrid: readonly RunLengths[],
): Map<number, ReadOfNode> {
  const reads = new Map<number, ReadOfNode>();
  const { shape } = nodes[roots[0]];
  if (elementCount(shape) === 0) return reads;
  const box = middleBlock(shape, blockGrid);
  const blocks = elementCount(shape) / elementCount(box.shape);
  for (const leaf of leavesOf(nodes, alignedParts(nodes, roots, box))) {
    const node = nodes[leaf.node];
    const chunks = isInline(node, sources) ? undefined : (made.get(leaf.node) ?? readChunks(node, sources));
    if (chunks === undefined) continue;
    const width = widthOf(node.dtype) * blocks;
    const touched = leaf.box.shape.map((extent, axis) =>
      touchedExtent(chunks[axis], leaf.box.origin[axis], extent),
    );
    const { needed, decoded } = reads.get(leaf.node) ?? { needed: 0, decoded: 0 };
    reads.set(leaf.node, {
      needed: needed + elementCount(leaf.box.shape) * width,
      decoded: decoded + elementCount(touched) * width,
    });
  }
  return reads;
}

function isInline({ kind }: PlanNode, sources: readonly PlanSource[]): boolean {
  return kind?.$case === 'read' && sources[kind.value.source].variable?.data?.$case === 'inlineValues';
}

function middleBlock(shape: readonly number[], blockGrid: readonly RunLengths[]): Box {
  const extents = shape.map((length, axis) => Math.min(length, largestCell(blockGrid[axis])));
  const origin = extents.map((extent, axis) => {
    const before = Math.floor((shape[axis] - extent) / 2);
    return before - (before % extent);
  });
  return { origin, shape: extents };
}

/** Extent of all chunks that a run of indices touches. */
function touchedExtent(chunks: RunLengths, start: number, count: number): number {
  return touchedCells(chunks, start, count).reduce((sum, cell) => sum + cellSpan(chunks, cell).size, 0);
}
