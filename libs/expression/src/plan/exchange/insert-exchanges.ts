import type { PlanNode } from '@hyperslab/proto/expression';
import { withInputs } from '../node-inputs.ts';
import type { WantedExchange } from './find-exchanges.ts';

/** The nodes with exchanges behind those whose values are exchanged, numbered anew, and along what blocks of these should be long. */
export function insertExchanges(
  nodes: readonly PlanNode[],
  wanted: readonly WantedExchange[],
): { nodes: PlanNode[]; long: Map<number, number[]> } {
  const renumbered = (number: number) => number + wanted.filter(({ node }) => node < number).length;
  const exchangeOf = (consumer: number, input: number) =>
    wanted.some(({ node, consumers }) => node === input && consumers.has(consumer))
      ? renumbered(input) + 1
      : renumbered(input);
  const inserted: PlanNode[] = [];
  const long = new Map<number, number[]>();
  nodes.forEach((node, number) => {
    inserted.push(withInputs(node, (input) => exchangeOf(number, input)));
    const exchange = wanted.find((each) => each.node === number);
    if (exchange === undefined) return;
    long.set(inserted.length, exchange.long);
    const { dtype, dimensions, shape } = node;
    const value = { input: inserted.length - 1 };
    inserted.push({ dtype, dimensions, shape, kind: { $case: 'exchange', value } });
  });
  return { nodes: inserted, long };
}
