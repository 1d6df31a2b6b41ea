import type { PlanNode } from '@hyperslab/proto/expression';

/** Nodes that a node of a plan takes its values from. */
export function inputsOf({ kind }: PlanNode): number[] {
  if (kind?.$case === 'call') return kind.value.arguments;
  if (kind?.$case === 'concatenate' || kind?.$case === 'operation') return kind.value.inputs;
  if (kind?.$case === 'exchange') return [kind.value.input];
  return kind?.$case === 'reduce' ? [kind.value.input, ...kind.value.others] : [];
}

/** The node with other inputs: `to` answers the number for each. */
export function withInputs(node: PlanNode, to: (input: number) => number): PlanNode {
  const { kind } = node;
  if (kind?.$case === 'call')
    return { ...node, kind: { ...kind, value: { ...kind.value, arguments: kind.value.arguments.map(to) } } };
  if (kind?.$case === 'concatenate')
    return { ...node, kind: { ...kind, value: { ...kind.value, inputs: kind.value.inputs.map(to) } } };
  if (kind?.$case === 'operation')
    return { ...node, kind: { ...kind, value: { ...kind.value, inputs: kind.value.inputs.map(to) } } };
  if (kind?.$case === 'reduce') {
    const { input, others } = kind.value;
    return { ...node, kind: { ...kind, value: { ...kind.value, input: to(input), others: others.map(to) } } };
  }
  if (kind?.$case === 'exchange')
    return { ...node, kind: { ...kind, value: { input: to(kind.value.input) } } };
  return node;
}
