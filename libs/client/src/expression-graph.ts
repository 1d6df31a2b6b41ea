import type {
  Expression,
  ExpressionGraph,
  ExpressionNode,
  OperationArgument,
} from '@hyperslab/proto/expression';
import { type ArgumentValue, inputsOf, isNode, type LazyNode } from './lazy-node.ts';

/** The expression of a lazy array: plain names are those of `dataset`; a node that is used twice is sent once. */
export function toExpression(result: LazyNode, dataset: string): Expression {
  return { dataset, form: { $case: 'graph', value: toGraph(result, dataset) } };
}

/** The graph of a lazy array, in an order in which each node refers to earlier ones only; the last is the result. */
export function toGraph(result: LazyNode, dataset: string): ExpressionGraph {
  const nodes: ExpressionNode[] = [];
  const numbers = new Map<LazyNode, number>();
  // A stack of its own, not recursion: a sum in a loop makes chains deeper than the call stack.
  const pending: LazyNode[] = [result];
  while (pending.length > 0) {
    const node = pending[pending.length - 1];
    const missing = inputsOf(node).filter((input) => !numbers.has(input));
    if (missing.length > 0 && !numbers.has(node)) {
      pending.push(...missing.reverse());
      continue;
    }
    pending.pop();
    if (numbers.has(node)) continue;
    numbers.set(node, nodes.length);
    nodes.push(toNode(node, dataset, (input) => numbers.get(input)!));
  }
  return { nodes };
}

function toNode(node: LazyNode, dataset: string, numberOf: (node: LazyNode) => number): ExpressionNode {
  switch (node.kind) {
    case 'source': {
      const other = node.dataset === dataset ? '' : node.dataset;
      return { kind: { $case: 'source', value: { dataset: other, variable: node.variable } } };
    }
    case 'integer':
    case 'constant':
      return { kind: { $case: node.kind, value: node.value } };
    case 'call': {
      const value = { function: node.function, arguments: node.arguments.map(numberOf) };
      return { kind: { $case: 'call', value } };
    }
    case 'select': {
      const value = { input: numberOf(node.input), selectors: [...node.selectors] };
      return { kind: { $case: 'select', value } };
    }
    case 'operation': {
      const given = node.arguments.map(
        ({ name, value }): OperationArgument => ({
          name,
          value: isNode(value) ? { $case: 'node', value: numberOf(value) } : toValue(value),
        }),
      );
      return { kind: { $case: 'operation', value: { name: node.name, arguments: given } } };
    }
    case 'convert':
      return { kind: { $case: 'convert', value: { input: numberOf(node.input), units: node.units } } };
    case 'reduce': {
      const { operation, dimensions } = node;
      const value = { operation, input: numberOf(node.input), dimensions: [...dimensions] };
      return { kind: { $case: 'reduce', value } };
    }
  }
}

function toValue(value: ArgumentValue): OperationArgument['value'] {
  if (typeof value === 'number') return { $case: 'number', value };
  if (typeof value === 'string') return { $case: 'text', value };
  const numbers = value.filter((each) => typeof each === 'number');
  const texts = value.filter((each) => typeof each === 'string');
  return { $case: 'list', value: { numbers, texts } };
}
