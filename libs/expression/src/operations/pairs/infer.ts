import type { PlanNode } from '@hyperslab/proto/expression';
import type { Field } from '../../resolve/field.ts';
import { mergeCoordinates } from '../../resolve/merge-coordinates.ts';
import { addCall, addLiteral, assertAligned } from '../../resolve/node-table.ts';
import { dimensionsNamed, reduceField } from '../../resolve/reduce-field.ts';
import { refuseLikeAxes } from '../../resolve/refuse-like-axes.ts';
import { unitsOfProduct } from '../../resolve/units-of-call.ts';
import type { Infer } from '../operation.ts';
import { ddofOf } from '../reduce/parameters.ts';

/** A covariance or correlation over dimensions of two arrays, which align and broadcast as those of operators do. */
export const inferPairs: Infer = async (context, given) => {
  const { table, read } = context;
  const { operation } = given;
  const fields = [given.field('x'), given.field('y')];
  const nodes = fields.map(({ node }) => table.nodes[node]);
  refuseLikeAxes(operation, nodes, fields);
  const coordinates = await mergeCoordinates(fields, read);
  // Dimensions without coordinates may still differ.
  assertAligned(nodes, operation);
  // What both are has no direction: either may be the one that lacks dimensions.
  const [wide, other] = lacksNone(nodes[0], nodes[1]) ? fields : [fields[1], fields[0]];
  const spread = lacksNone(table.nodes[wide.node], table.nodes[other.node])
    ? wide.node
    : addCall(table, 'where', [addLiteral(table, 1n), wide.node, other.node]);
  const field: Field = { node: spread, name: '', units: '', attributes: [], coordinates };
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, {
    operation,
    others: [other.node],
    parameters: ddofOf(given),
    units: operation === 'covariance' ? unitsOfProduct(fields[0].units, fields[1].units) : '1',
  });
};

function lacksNone(node: PlanNode, other: PlanNode): boolean {
  return other.dimensions.every((dimension) => node.dimensions.includes(dimension));
}
