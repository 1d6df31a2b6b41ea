import type { Selector } from '@hyperslab/proto/expression';

/** A node of a lazy array as a client builds it: immutable, and shared wherever it is used again. */
export type LazyNode =
  | SourceNode
  | ConstantNode
  | CallNode
  | SelectNode
  | ReduceNode
  | ConvertNode
  | OperationNode;

interface SourceNode {
  readonly kind: 'source';
  /** Dataset with its version: "NAME@3". */
  readonly dataset: string;
  readonly variable: string;
}

interface ConstantNode {
  /** An integer or a floating literal, which the types of results tell apart. */
  readonly kind: 'integer' | 'constant';
  readonly value: number;
}

interface CallNode {
  readonly kind: 'call';
  readonly function: string;
  readonly arguments: readonly LazyNode[];
}

interface SelectNode {
  readonly kind: 'select';
  readonly input: LazyNode;
  readonly selectors: readonly Selector[];
}

interface ReduceNode {
  readonly kind: 'reduce';
  readonly operation: string;
  readonly input: LazyNode;
  readonly dimensions: readonly string[];
}

interface ConvertNode {
  readonly kind: 'convert';
  readonly input: LazyNode;
  readonly units: string;
}

interface OperationNode {
  readonly kind: 'operation';
  readonly name: string;
  readonly arguments: readonly LazyArgument[];
}

/** An argument of an operation; its name is empty where its place tells which it is. */
interface LazyArgument {
  readonly name: string;
  readonly value: LazyNode | ArgumentValue;
}

/** What an operation takes beside arrays: a number, a name or text, or a list of either. */
export type ArgumentValue = number | string | readonly number[] | readonly string[];

/** Whether an argument is an array. */
export function isNode(value: LazyNode | ArgumentValue): value is LazyNode {
  return typeof value === 'object' && 'kind' in value;
}

/** Nodes that a node is made of. */
export function inputsOf(node: LazyNode): readonly LazyNode[] {
  switch (node.kind) {
    case 'call':
      return node.arguments;
    case 'operation':
      return node.arguments.map(({ value }) => value).filter(isNode);
    case 'select':
    case 'reduce':
    case 'convert':
      return [node.input];
    default:
      return [];
  }
}
