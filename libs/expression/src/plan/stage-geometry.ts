import { elementCount, type IndexRange, itemSize, type RunLengths, wholeRange } from '@hyperslab/array';
import type { PlanNode, PlanSource } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import { alignedParts, leavesOf } from '../task/leaves.ts';
import { fusedInputs } from './fused-reads.ts';
import { largestCell, runsThrough } from './run-lengths.ts';

/** What the extents of a stage's blocks and tiles are chosen by. */
export interface Geometry {
  /** Chunks along each dimension of the node, as its largest input has them. */
  chunks: RunLengths[];
  /** Bytes of decoded input, or of output if that is more, for a box of these extents. */
  bytes: (extents: readonly number[]) => number;
  /** Whether a smaller box never has more bytes. What operations need of an array can be one part of it at an edge, and two in the middle. */
  grows: boolean;
  /** Dimensions that a box should span entirely. */
  whole: number[];
  /** Dimensions along which a chunk should not be cut. */
  uncut: number[];
}

interface Input {
  /** Dimension of the node for each dimension of the input; -1 for one that the node has not. */
  axes: number[];
  chunks: RunLengths[];
  width: number;
  elements: number;
}

/** Grids of blocks of reductions and exchanges that earlier stages made, by node. */
export type MadeGrids = ReadonlyMap<number, readonly RunLengths[]>;

/** The geometry of a node that is evaluated in one pass, together with others that have some of its dimensions. */
export function stageGeometry(
  nodes: readonly PlanNode[],
  sources: readonly PlanSource[],
  roots: readonly number[],
  made: MadeGrids,
): Geometry {
  const node = nodes[roots[0]];
  const { reads, made: ready, operations } = fusedInputs(nodes, roots);
  const inputs = [
    ...reads.map((number) => inputOf(node, nodes[number], readChunks(nodes[number], sources))),
    ...ready.map((number) => inputOf(node, nodes[number], [...(made.get(number) ?? [])])),
  ].sort((a, b) => b.elements * b.width - a.elements * a.width);
  const chunks = node.dimensions.map((_, axis) => chunksAlong(inputs, axis, node.shape[axis]));
  const width = widthOf(node.dtype);
  const grows = operations.length === 0;
  const readBytes = grows
    ? (extents: readonly number[]) => bytesOfInputs(inputs, extents)
    : (extents: readonly number[]) => bytesOfNeeds(nodes, roots, extents);
  const bytes = (extents: readonly number[]) => Math.max(readBytes(extents), elementCount(extents) * width);
  const axesOf = (which: 'whole' | 'uncut') => {
    const named = operations.flatMap((number) => dimensionsBy(which, nodes[number]));
    return [...node.shape.keys()].filter((axis) => named.includes(node.dimensions[axis]));
  };
  return { chunks, bytes, grows, whole: axesOf('whole'), uncut: axesOf('uncut') };
}

/** Of inputs that have as much of each dimension as the box. */
function bytesOfInputs(inputs: readonly Input[], extents: readonly number[]): number {
  const of = (axes: readonly number[]) => axes.reduce((product, axis) => product * extents[axis], 1);
  return inputs.reduce((sum, input) => sum + of(input.axes) * input.width, 0);
}

/** Of what operations need for a box in the middle. */
function bytesOfNeeds(
  nodes: readonly PlanNode[],
  roots: readonly number[],
  extents: readonly number[],
): number {
  const { shape } = nodes[roots[0]];
  const origin = shape.map((length, axis) => Math.floor((length - Math.min(length, extents[axis])) / 2));
  const box = { origin, shape: shape.map((length, axis) => Math.min(length, extents[axis])) };
  const leaves = leavesOf(nodes, alignedParts(nodes, roots, box));
  return leaves.reduce(
    (sum, { node, box: own }) => sum + elementCount(own.shape) * widthOf(nodes[node].dtype),
    0,
  );
}

function dimensionsBy(which: 'whole' | 'uncut', node: PlanNode): readonly string[] {
  if (node.kind?.$case !== 'operation') return [];
  const { rule, parameters } = ruleOf(node.kind.value);
  return rule[which]?.(parameters, node) ?? [];
}

function inputOf(node: PlanNode, input: PlanNode, chunks: RunLengths[]): Input {
  return {
    axes: input.dimensions.map((name) => node.dimensions.indexOf(name)),
    chunks,
    width: widthOf(input.dtype),
    elements: input.shape.reduce((product, length) => product * length, 1),
  };
}

function chunksAlong(inputs: readonly Input[], axis: number, length: number): RunLengths {
  for (const { axes, chunks } of inputs) {
    const own = axes.indexOf(axis);
    // A reduction that is not planned yet has no blocks to line up with.
    if (own >= 0 && own < chunks.length) {
      // A part of a join is shorter than the whole: the join's chunks are not lined up.
      const extent = chunks[own].sizes.reduce((sum, size, i) => sum + size * chunks[own].counts[i], 0);
      if (extent === length) return chunks[own];
      const size = Math.min(length, largestCell(chunks[own]));
      return runsThrough({ sizes: [size], counts: [Math.ceil(length / size)] }, wholeRange(length));
    }
  }
  return { sizes: length === 0 ? [] : [length], counts: length === 0 ? [] : [1] };
}

/** Chunks of a source as a read node sees them. */
export function readChunks(node: PlanNode, sources: readonly PlanSource[]): RunLengths[] {
  if (node.kind?.$case !== 'read') return [];
  const { source, ranges, droppedDimensions } = node.kind.value;
  const variable = sources[source].variable!;
  return ranges.flatMap((range: IndexRange, axis) => {
    if (droppedDimensions.includes(axis)) return [];
    const grid = variable.chunkGrid[axis] ?? { sizes: [variable.shape[axis]], counts: [1] };
    return [runsThrough(grid, range)];
  });
}

/** Bytes of an element; a text is taken for a short one. */
export function widthOf(dtype: string): number {
  return dtype === 'string' ? 16 : itemSize(dtype);
}
