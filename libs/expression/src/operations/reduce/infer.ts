import type { Field } from '../../resolve/field.ts';
import { dimensionsNamed, type FieldReduction, reduceField } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';
import { namedReduction } from './named-reduction.ts';
import { ddofOf, lengthsOf } from './parameters.ts';
import { withWeights } from './weights.ts';

/** A reduction over dimensions, or over all. */
export const inferReduction: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, await reductionOf(context, given, field, reduced));
};

function reductionOf(
  context: InferContext,
  given: Arguments,
  field: Field,
  reduced: readonly string[],
): Promise<FieldReduction> {
  const { operation } = given;
  const isOfPlaces = operation === 'first' || operation === 'last';
  const parameters = isOfPlaces ? lengthsOf(context.table.nodes[field.node], reduced) : ddofOf(given);
  return withWeights(context, given, field, { ...namedReduction(operation, field)!, parameters });
}
