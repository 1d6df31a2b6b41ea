import { clipRange, composeRanges, type IndexRange, wholeRange } from '@hyperslab/array';
import type { PlanNode, PlanRead, PlanReduce } from '@hyperslab/proto/expression';
import { addCall, addConcatenate, addNode, addReduce, type NodeTable } from './node-table.ts';

/** One range for a dimension; a dropped dimension has a range of one index. */
export interface DimensionSlice {
  dimension: string;
  range: IndexRange;
  drop: boolean;
}

/**
 * The node that is a part of another: the selection is pushed down to what is read, through calls, reductions and
 * joins, so that nothing is read or computed that the result does not hold.
 */
export function sliceNode(table: NodeTable, node: number, slice: DimensionSlice): number {
  const done = new Map<number, number>();
  const visit = (number: number): number => {
    const known = done.get(number);
    if (known !== undefined) return known;
    const sliced = table.nodes[number].dimensions.includes(slice.dimension)
      ? sliceOne(table, table.nodes[number], slice, visit)
      : number;
    done.set(number, sliced);
    return sliced;
  };
  return visit(node);
}

function sliceOne(
  table: NodeTable,
  node: PlanNode,
  slice: DimensionSlice,
  visit: (node: number) => number,
): number {
  switch (node.kind?.$case) {
    case 'read':
      return sliceRead(table, node, node.kind.value, slice);
    case 'call':
      return addCall(
        table,
        node.kind.value.function,
        node.kind.value.arguments.map(visit),
        slice.drop ? node.dimensions.filter((name) => name !== slice.dimension) : node.dimensions,
      );
    case 'reduce':
      return sliceReduce(table, node.kind.value, visit);
    case 'concatenate':
      return node.dimensions[node.kind.value.axis] === slice.dimension
        ? sliceAlongJoin(table, node.kind.value.inputs, node.kind.value.axis, slice)
        : addConcatenate(
            table,
            node.kind.value.inputs.map(visit),
            node.kind.value.axis -
              (slice.drop && node.dimensions.indexOf(slice.dimension) < node.kind.value.axis ? 1 : 0),
          );
    default:
      throw new Error('a constant has no dimensions to select from');
  }
}

function sliceRead(
  table: NodeTable,
  node: PlanNode,
  read: PlanRead,
  { dimension, range, drop }: DimensionSlice,
): number {
  const axis = node.dimensions.indexOf(dimension);
  const stored = read.ranges.map((_, i) => i).filter((i) => !read.droppedDimensions.includes(i))[axis];
  const ranges = read.ranges.with(stored, composeRanges(read.ranges[stored], range));
  const droppedDimensions = drop
    ? [...read.droppedDimensions, stored].sort((a, b) => a - b)
    : read.droppedDimensions;
  return addNode(table, {
    dtype: node.dtype,
    dimensions: drop ? node.dimensions.toSpliced(axis, 1) : node.dimensions,
    shape: drop ? node.shape.toSpliced(axis, 1) : node.shape.with(axis, range.count),
    kind: { $case: 'read', value: { source: read.source, ranges, droppedDimensions } },
  });
}

function sliceReduce(table: NodeTable, reduce: PlanReduce, visit: (node: number) => number): number {
  const before = table.nodes[reduce.input];
  const reduced = reduce.axes.map((axis) => before.dimensions[axis]);
  const input = visit(reduce.input);
  const { dimensions } = table.nodes[input];
  return addReduce(
    table,
    reduce.operation,
    input,
    reduced.map((name) => dimensions.indexOf(name)),
  );
}

function sliceAlongJoin(
  table: NodeTable,
  inputs: readonly number[],
  axis: number,
  slice: DimensionSlice,
): number {
  const parts: number[] = [];
  let begin = 0;
  for (const input of inputs) {
    const length = table.nodes[input].shape[axis];
    const { first, count } = clipRange(slice.range, begin, begin + length);
    const { start, step } = slice.range;
    const range = { start: start + first * step - begin, count, step };
    if (count > 0) parts.push(sliceNode(table, input, { ...slice, range }));
    begin += length;
  }
  if (parts.length === 0) return sliceNode(table, inputs[0], { ...slice, range: { ...wholeRange(0) } });
  return addConcatenate(table, parts, axis);
}
