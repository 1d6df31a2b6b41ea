import { HyperslabError } from '@hyperslab/errors';
import { addOperation, assertNumeric, type NodeTable } from '../../resolve/node-table.ts';
import { dimensionsNamed } from '../../resolve/reduce-field.ts';
import type { Infer } from '../operation.ts';

/** The same values, units and coordinates with dimensions in another order. */
export const inferTranspose: Infer = async (context, given) => {
  const field = given.field('x');
  const node = context.table.nodes[field.node];
  const names = given.texts('dimension');
  assertNumeric(node, 'transpose');
  const order = names.length === 0 ? node.dimensions.toReversed() : dimensionsNamed(context, field, names);
  if (order.length !== node.dimensions.length || names.length > order.length) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"transpose" names ${names.join(', ')}; expected each of ${node.dimensions.join(', ')} once`,
    );
  }
  return { ...field, node: addTranspose(context.table, field.node, order) };
};

/** A node with its dimensions in another order; the same when it is theirs. */
export function addTranspose(table: NodeTable, number: number, dimensions: readonly string[]): number {
  const node = table.nodes[number];
  if (node.dimensions.join() === dimensions.join()) return number;
  const shape = dimensions.map((name) => node.shape[node.dimensions.indexOf(name)]);
  return addOperation(
    table,
    'transpose',
    [number],
    { from: node.dimensions },
    { dtype: node.dtype, dimensions, shape },
  );
}
