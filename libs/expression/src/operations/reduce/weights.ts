import { sameUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { isWeightable } from '@hyperslab/kernels';
import type { Field } from '../../resolve/field.ts';
import { mergeCoordinates } from '../../resolve/merge-coordinates.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import { unitsOfProduct } from '../../resolve/units-of-call.ts';
import type { Arguments } from '../arguments.ts';
import type { InferContext } from '../operation.ts';
import { areaWeights } from './area-weights.ts';

/**
 * A reduction with the option `weights`, if that is given. Throws EXPRESSION_INVALID for weights that do not fit the field, and for a reduction that
 * has none.
 */
export async function withWeights(
  context: InferContext,
  given: Arguments,
  field: Field,
  plain: FieldReduction,
): Promise<FieldReduction> {
  const weights = await weightsOf(context, given, field);
  if (weights === undefined) return plain;
  const { operation } = plain;
  if (!isWeightable(operation))
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}" takes no weights; mean, sum, std and var do`,
    );
  if (plain.parameters !== undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}" with weights has no ddof, because weights do not say how many values they stand for`,
    );
  const weighted = { ...plain, operation: `weighted_${operation}`, others: weights.nodes };
  const method = `${plain.method} (${weights.areArea ? 'area-' : ''}weighted)`;
  if (operation !== 'sum') return { ...weighted, method };
  const units = unitsOfProduct(field.units, weights.units);
  // A flux times the areas that it goes through is another quantity, as a product is.
  return { ...weighted, method, units, keepsNames: sameUnits(units, plain.units) };
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
