import type { PlanNode } from '@hyperslab/proto/expression';

/** Where a stage gets its values from: nodes that read a source, and reductions and exchanges that earlier stages made. */
export interface FusedInputs {
  reads: number[];
  made: number[];
  /** Operations with block rules that are computed on the way. */
  operations: number[];
}

/** What is needed to evaluate nodes in one pass: all below it down to reads, and to what stages of their own make. */
export function fusedInputs(nodes: readonly PlanNode[], roots: readonly number[]): FusedInputs {
  const inputs: FusedInputs = { reads: [], made: [], operations: [] };
  const seen = new Set<number>();
  const pending = [...roots];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (seen.has(number)) continue;
    seen.add(number);
    const { kind } = nodes[number];
    if (kind?.$case === 'operation') inputs.operations.push(number);
    if (kind?.$case === 'read') inputs.reads.push(number);
    else if (kind?.$case === 'reduce' || kind?.$case === 'exchange') inputs.made.push(number);
    else if (kind?.$case === 'call') pending.push(...kind.value.arguments);
    else if (kind?.$case === 'concatenate' || kind?.$case === 'operation') pending.push(...kind.value.inputs);
  }
  inputs.reads.sort((a, b) => a - b);
  inputs.made.sort((a, b) => a - b);
  return inputs;
}
