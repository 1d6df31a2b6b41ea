import { addCoordinate } from '../../resolve/coordinate-node.ts';
import type { Field } from '../../resolve/field.ts';
import { addOperation } from '../../resolve/node-table.ts';
import { dimensionNamed, dimensionsNamed, reduceField } from '../../resolve/reduce-field.ts';
import type { Infer, InferContext } from '../operation.ts';
import { lengthsOf } from '../reduce/parameters.ts';
import { ofCoordinate } from './places-in-groups.ts';

/** The index of an extreme, the first of equal ones. */
export const inferArgExtreme: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return placeOf(context, given.operation, field, reduced);
};

/** The value of the coordinate there: that of the dimension, in its units and calendar. */
export const inferIdxExtreme: Infer = async (context, given) => {
  const field = given.field('x');
  const { operation } = given;
  const dimension = dimensionNamed(context, field, given.text('dimension')!);
  const { coordinate, node } = await addCoordinate(context, operation, field, dimension);
  const place = await placeOf(context, operation === 'idxmin' ? 'argmin' : 'argmax', field, [dimension]);
  const { nodes } = context.table;
  const result = { ...nodes[place.node], dtype: nodes[node].dtype };
  const found = addOperation(context.table, 'lookup', [place.node, node], null, result);
  return ofCoordinate({ ...place, node: found }, coordinate);
};

function placeOf(
  context: InferContext,
  operation: string,
  field: Field,
  reduced: readonly string[],
): Promise<Field> {
  const parameters = lengthsOf(context.table.nodes[field.node], reduced);
  return reduceField(context, field, reduced, { operation, parameters, units: '1' });
}
