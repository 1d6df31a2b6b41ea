import type { Selector } from '@hyperslab/proto/expression';

/** A node of a lazy array as a client builds it: immutable, and shared wherever it is used again. */
export type LazyNode = SourceNode | ConstantNode | CallNode | SelectNode | ReduceNode | ConvertNode;

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

/** Nodes that a node is made of. */
export function inputsOf(node: LazyNode): readonly LazyNode[] {
  switch (node.kind) {
    case 'call':
      return node.arguments;
    case 'select':
    case 'reduce':
    case 'convert':
      return [node.input];
    default:
      return [];
  }
}
