import { clipRange, composeRanges, type IndexRange, wholeRange } from '@hyperslab/array';
import type { PlanNode, PlanOperation, PlanRead, PlanReduce } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import type { PartParameters } from '../operations/part/rule.ts';
import { addCall, addConcatenate, addNode, addOperation, addReduce, type NodeTable } from './node-table.ts';

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
      ? sliceOne(table, number, slice, visit)
      : number;
    done.set(number, sliced);
    return sliced;
  };
  return visit(node);
}

function sliceOne(
  table: NodeTable,
  number: number,
  slice: DimensionSlice,
  visit: (node: number) => number,
): number {
  const node = table.nodes[number];
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
      return isStaying(table, node.kind.value, slice.dimension)
        ? sliceReduce(table, node, node.kind.value, visit)
        : addPart(table, number, slice);
    case 'operation':
      return sliceOperation(table, number, node.kind.value, slice, visit);
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

function sliceRead(table: NodeTable, node: PlanNode, read: PlanRead, slice: DimensionSlice): number {
  const { dimension, range, drop } = slice;
  const axis = node.dimensions.indexOf(dimension);
  const stored = read.ranges.map((_, i) => i).filter((i) => !read.droppedDimensions.includes(i))[axis];
  const ranges = read.ranges.with(stored, composeRanges(read.ranges[stored], range));
  const droppedDimensions = drop
    ? [...read.droppedDimensions, stored].sort((a, b) => a - b)
    : read.droppedDimensions;
  return addNode(table, {
    dtype: node.dtype,
    ...slicedShape(node, slice),
    kind: { $case: 'read', value: { source: read.source, ranges, droppedDimensions } },
  });
}

/** True for a dimension of a reduction's value that is one of its input as it is: neither of groups nor added. */
function isStaying(table: NodeTable, { input, groupings }: PlanReduce, dimension: string): boolean {
  const { dimensions } = table.nodes[input];
  return dimensions.includes(dimension) && groupings.every(({ axis }) => dimensions[axis] !== dimension);
}

function sliceReduce(
  table: NodeTable,
  node: PlanNode,
  reduce: PlanReduce,
  visit: (node: number) => number,
): number {
  const before = table.nodes[reduce.input];
  const input = visit(reduce.input);
  const { dimensions } = table.nodes[input];
  const moved = (axis: number) => dimensions.indexOf(before.dimensions[axis]);
  const stayed = before.dimensions.length - reduce.axes.length;
  return addReduce(table, reduce.operation, input, reduce.axes.map(moved), {
    others: reduce.others.map(visit),
    parameters: reduce.parameters === '' ? undefined : JSON.parse(reduce.parameters),
    groupings: reduce.groupings.map((grouping) => ({ ...grouping, axis: moved(grouping.axis) })),
    added: { dimensions: node.dimensions.slice(stayed), shape: node.shape.slice(stayed) },
  });
}

function sliceOperation(
  table: NodeTable,
  number: number,
  operation: PlanOperation,
  slice: DimensionSlice,
  visit: (node: number) => number,
): number {
  const node = table.nodes[number];
  const { rule, parameters } = ruleOf(operation);
  if (!rule.along(parameters, node).includes(slice.dimension)) {
    const result = { dtype: node.dtype, ...slicedShape(node, slice) };
    return addOperation(table, operation.name, operation.inputs.map(visit), parameters, result);
  }
  const sliced = rule.slice?.(parameters, node, slice);
  if (sliced === undefined) return addPart(table, number, slice);
  const result = { dtype: node.dtype, dimensions: sliced.dimensions, shape: sliced.shape };
  return addOperation(table, operation.name, operation.inputs, sliced.parameters, result);
}

/** A part of the values of a node that can't be computed in part along the dimension. */
function addPart(table: NodeTable, number: number, slice: DimensionSlice): number {
  const node = table.nodes[number];
  const parameters: PartParameters = slice;
  return addOperation(table, 'part', [number], parameters, {
    dtype: node.dtype,
    ...slicedShape(node, slice),
  });
}

function slicedShape(
  { dimensions, shape }: PlanNode,
  { dimension, range, drop }: DimensionSlice,
): { dimensions: string[]; shape: number[] } {
  const axis = dimensions.indexOf(dimension);
  if (drop) return { dimensions: dimensions.toSpliced(axis, 1), shape: shape.toSpliced(axis, 1) };
  return { dimensions, shape: shape.with(axis, range.count) };
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
