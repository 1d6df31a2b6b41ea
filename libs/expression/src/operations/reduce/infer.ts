import { HyperslabError } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import { mergeCoordinates } from '../../resolve/merge-coordinates.ts';
import { dimensionsNamed, type FieldReduction, reduceField } from '../../resolve/reduce-field.ts';
import { unitsOfProduct } from '../../resolve/units-of-call.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';
import { areaWeights } from './area-weights.ts';
import { namedReduction } from './named-reduction.ts';
import { ddofOf, lengthsOf } from './parameters.ts';

/** A reduction over dimensions, or over all. */
export const inferReduction: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, await reductionOf(context, given, field, reduced));
};

async function reductionOf(
  context: InferContext,
  given: Arguments,
  field: Field,
  reduced: readonly string[],
): Promise<FieldReduction> {
  const { operation } = given;
  const isOfPlaces = operation === 'first' || operation === 'last';
  const parameters = isOfPlaces ? lengthsOf(context.table.nodes[field.node], reduced) : ddofOf(given);
  const plain = { ...namedReduction(operation, field)!, parameters };
  const weights = await weightsOf(context, given, field);
  if (weights === undefined) return plain;
  if (parameters !== undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}" with weights has no ddof, because weights do not say how many values they stand for`,
    );
  return {
    ...plain,
    operation: `weighted_${operation}`,
    method: `${plain.method} (${weights.areArea ? 'area-' : ''}weighted)`,
    units: operation === 'sum' ? unitsOfProduct(field.units, weights.units) : plain.units,
    others: weights.nodes,
  };
}

async function weightsOf(
  context: InferContext,
  given: Arguments,
  field: Field,
): Promise<{ nodes: number[]; units: string; areArea: boolean } | undefined> {
  if (given.text('weights') === 'area')
    return { nodes: await areaWeights(context, field), units: 'm2', areArea: true };
  const weights = given.optionalField('weights');
  if (weights === undefined) return undefined;
  assertWithin(context, field, weights);
  await mergeCoordinates([field, weights], context.read);
  return { nodes: [weights.node], units: weights.units, areArea: false };
}

/** Weights are repeated along dimensions that they lack; the parameter is not. */
function assertWithin({ table }: InferContext, field: Field, weights: Field): void {
  const node = table.nodes[field.node];
  const other = table.nodes[weights.node];
  other.dimensions.forEach((dimension, axis) => {
    const length = node.shape[node.dimensions.indexOf(dimension)];
    if (length === other.shape[axis]) return;
    const found =
      length === undefined
        ? 'the operand lacks'
        : `has ${length} in the operand, ${other.shape[axis]} in the weights`;
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `weights: dimension "${dimension}" ${found}; select equal parts`,
      {
        dimension,
      },
    );
  });
}
