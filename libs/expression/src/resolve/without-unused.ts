import type { PlanNode, PlanSource } from '@hyperslab/proto/expression';
import { inputsOf, withInputs } from '../plan/node-inputs.ts';
import type { NodeTable } from './node-table.ts';

/** Nodes and sources that the result needs, numbered anew; selections leave behind what they were taken from. */
export function withoutUnused(
  { table, sources }: { table: NodeTable; sources: readonly PlanSource[] },
  result: number,
): { nodes: PlanNode[]; sources: PlanSource[] } {
  const needed = new Set([result]);
  for (let number = result; number >= 0; number--) {
    if (needed.has(number)) for (const input of inputsOf(table.nodes[number])) needed.add(input);
  }
  const order = [...needed].sort((a, b) => a - b);
  const renumbered = new Map(order.map((number, i) => [number, i]));
  const nodes = order.map((number) => withInputs(table.nodes[number], (input) => renumbered.get(input)!));
  const used = [...new Set(nodes.flatMap(({ kind }) => (kind?.$case === 'read' ? [kind.value.source] : [])))];
  const reads = nodes.map((node) =>
    node.kind?.$case === 'read'
      ? {
          ...node,
          kind: { ...node.kind, value: { ...node.kind.value, source: used.indexOf(node.kind.value.source) } },
        }
      : node,
  );
  return { nodes: reads, sources: used.map((source) => sources[source]) };
}
