import { elementCount, type NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type ArgumentType, foldLiterals, type Literal, reductionKind, resultType } from '@hyperslab/kernels';
import type { Variable } from '@hyperslab/proto/cube';
import type { PlanGrouping, PlanNode } from '@hyperslab/proto/expression';

/** The nodes of a resolved graph. What is computed alike is one node. */
export interface NodeTable {
  nodes: PlanNode[];
  numbers: Map<string, number>;
}

export function createNodeTable(): NodeTable {
  return { nodes: [], numbers: new Map() };
}

/** Adds a node, or finds the equal one. Throws TOO_LARGE for one of more than 2^53 elements. */
export function addNode(table: NodeTable, node: PlanNode): number {
  try {
    elementCount(node.shape);
  } catch {
    throw new HyperslabError(
      'TOO_LARGE',
      `array of shape [${node.shape.join(', ')}] has more than 2^53 elements; select a part, or do not broadcast`,
    );
  }
  const key = JSON.stringify([node.kind, node.dimensions, node.shape]);
  const known = table.numbers.get(key);
  if (known !== undefined) return known;
  table.numbers.set(key, table.nodes.length);
  return table.nodes.push(node) - 1;
}

/** All of a source. A dimension name that comes twice in a variable gets a number. */
export function addRead(table: NodeTable, source: number, variable: Variable): number {
  const dimensions = variable.dimensions.map((name, axis) => {
    const before = variable.dimensions.slice(0, axis).filter((other) => other === name).length;
    return before === 0 ? name : `${name}__${before + 1}`;
  });
  const ranges = variable.shape.map((extent) => ({ start: 0, count: extent, step: 1 }));
  return addNode(table, {
    dtype: variable.dtype,
    dimensions,
    shape: [...variable.shape],
    kind: { $case: 'read', value: { source, ranges, droppedDimensions: [] } },
  });
}

/** A literal: an integer one is int64 until it meets an array. */
export function addLiteral(table: NodeTable, value: Literal): number {
  if (typeof value === 'bigint') {
    const kind: PlanNode['kind'] = { $case: 'integer', value: Number(value) };
    return addNode(table, { dtype: 'int64', dimensions: [], shape: [], kind });
  }
  // JSON knows no -0 and no NaN, so equal keys could be unequal constants; those are not shared.
  const node: PlanNode = { dtype: 'float64', dimensions: [], shape: [], kind: { $case: 'constant', value } };
  if (Object.is(value, -0) || !Number.isFinite(value)) return table.nodes.push(node) - 1;
  return addNode(table, node);
}

/** The number that a node is; undefined for a node of arrays. */
export function literalOf({ kind }: PlanNode): Literal | undefined {
  if (kind?.$case === 'integer') return BigInt(kind.value);
  return kind?.$case === 'constant' ? kind.value : undefined;
}

/**
 * A function of nodes, aligned by dimension name: in the given order, else the dimensions of the argument that has most
 * (the first of those), then what others add. Of literals, their value. Throws EXPRESSION_INVALID for lengths that differ and NOT_COMPUTABLE
 * for text.
 */
export function addCall(
  table: NodeTable,
  name: string,
  inputs: readonly number[],
  order: readonly string[] = [],
): number {
  const nodes = inputs.map((input) => table.nodes[input]);
  const literals = nodes.map(literalOf);
  if (literals.every((value) => value !== undefined)) return addLiteral(table, foldLiterals(name, literals));
  for (const node of nodes) assertNumeric(node, name);
  const types = nodes.map(({ dtype }, i): ArgumentType => literals[i] ?? (dtype as NumericType));
  const { dimensions, shape } = alignedShape(nodes, name, order);
  const kind: PlanNode['kind'] = { $case: 'call', value: { function: name, arguments: [...inputs] } };
  return addNode(table, { dtype: resultType(name, types), dimensions, shape, kind });
}

/** What a reduction takes beside the node and the dimensions that it reduces. */
export interface ReduceOptions {
  /** Other operands, whose dimensions are some of the node's. */
  others?: readonly number[];
  parameters?: Readonly<Record<string, unknown>>;
  /** Dimensions that stay with an index for each group. */
  groupings?: readonly PlanGrouping[];
  /** Dimensions that it adds. */
  added?: { dimensions: readonly string[]; shape: readonly number[] };
}

/** A reduction over dimensions of a node. */
export function addReduce(
  table: NodeTable,
  operation: string,
  input: number,
  axes: readonly number[],
  { others = [], parameters, groupings = [], added }: ReduceOptions = {},
): number {
  const node = table.nodes[input];
  const operands = others.map((other) => table.nodes[other]);
  for (const each of [node, ...operands]) assertNumeric(each, operation);
  const stays = (_: unknown, axis: number) => !axes.includes(axis);
  const shape = node.shape.map(
    (extent, axis) => groupings.find((each) => each.axis === axis)?.groups ?? extent,
  );
  const otherTypes = operands.map(({ dtype }) => dtype as NumericType);
  const value = {
    operation,
    input,
    axes: [...axes].sort((a, b) => a - b),
    others: [...others],
    parameters: parameters === undefined ? '' : JSON.stringify(parameters),
    groupings: [...groupings],
  };
  const dimensions = node.dimensions.map(
    (name, axis) => groupings.find((each) => each.axis === axis)?.dimension || name,
  );
  return addNode(table, {
    dtype: reductionKind(operation).resultType(node.dtype as NumericType, otherTypes, parameters ?? {}),
    dimensions: [...dimensions.filter(stays), ...(added?.dimensions ?? [])],
    shape: [...shape.filter(stays), ...(added?.shape ?? [])],
    kind: { $case: 'reduce', value },
  });
}

/** A node of an operation with a block rule of its own: see `operations/block-rules.ts`. */
export function addOperation(
  table: NodeTable,
  name: string,
  inputs: readonly number[],
  parameters: unknown,
  result: { dtype: string; dimensions: readonly string[]; shape: readonly number[] },
): number {
  return addNode(table, {
    dtype: result.dtype,
    dimensions: [...result.dimensions],
    shape: [...result.shape],
    kind: {
      $case: 'operation',
      value: { name, inputs: [...inputs], parameters: JSON.stringify(parameters) },
    },
  });
}

/** Nodes of equal dimensions, joined along one of them, but for empty ones; the node itself when it is only one. */
export function addConcatenate(table: NodeTable, all: readonly number[], axis: number): number {
  const filled = all.filter((input) => table.nodes[input].shape[axis] > 0);
  const inputs = filled.length === 0 ? all.slice(0, 1) : filled;
  if (inputs.length === 1) return inputs[0];
  const [first] = inputs.map((input) => table.nodes[input]);
  const length = inputs.reduce((sum, input) => sum + table.nodes[input].shape[axis], 0);
  return addNode(table, {
    dtype: first.dtype,
    dimensions: [...first.dimensions],
    shape: first.shape.with(axis, length),
    kind: { $case: 'concatenate', value: { inputs: [...inputs], axis } },
  });
}

/** Throws NOT_COMPUTABLE for a node of text. */
export function assertNumeric({ dtype }: PlanNode, name: string): void {
  if (dtype !== 'char' && dtype !== 'string') return;
  throw new HyperslabError('NOT_COMPUTABLE', `"${name}" of text of type ${dtype}: expected numbers`);
}

/** Throws EXPRESSION_INVALID for operands that have different extents along a dimension. */
export function assertAligned(nodes: readonly PlanNode[], name: string): void {
  alignedShape(nodes, name, []);
}

function alignedShape(
  nodes: readonly PlanNode[],
  name: string,
  order: readonly string[],
): { dimensions: string[]; shape: number[] } {
  const lengths = new Map<string, number>();
  // Sorting is stable: of those with as many dimensions, the first leads.
  for (const node of [...nodes].sort((a, b) => b.shape.length - a.shape.length)) {
    node.dimensions.forEach((dimension, axis) => {
      const known = lengths.get(dimension) ?? node.shape[axis];
      if (known !== node.shape[axis]) {
        throw new HyperslabError(
          'EXPRESSION_INVALID',
          `operands of "${name}" have ${known} and ${node.shape[axis]} along dimension "${dimension}"; select equal parts`,
          { dimension },
        );
      }
      lengths.set(dimension, known);
    });
  }
  const dimensions = order.length === lengths.size ? [...order] : [...lengths.keys()];
  return { dimensions, shape: dimensions.map((dimension) => lengths.get(dimension)!) };
}
