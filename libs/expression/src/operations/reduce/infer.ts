import { HyperslabError } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import { dimensionsNamed, type FieldReduction, reduceField } from '../../resolve/reduce-field.ts';
import { unitsOfProduct } from '../../resolve/units-of-call.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';
import { areaWeights } from './area-weights.ts';
import { namedReduction } from './named-reduction.ts';

/** A reduction over dimensions, or over all. */
export const inferReduction: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, await reductionOf(context, given, field));
};

async function reductionOf(context: InferContext, given: Arguments, field: Field): Promise<FieldReduction> {
  const { operation } = given;
  const plain = namedReduction(operation, field)!;
  const weights = await weightsOf(context, given, field);
  if (weights === undefined) return plain;
  return {
    ...plain,
    operation: `weighted_${operation}`,
    method: `${plain.method} (${weights.areArea ? 'area-' : ''}weighted)`,
    units: operation === 'sum' ? unitsOfProduct(field.units, weights.units) : plain.units,
    others: [weights.node],
  };
}

async function weightsOf(
  context: InferContext,
  given: Arguments,
  field: Field,
): Promise<{ node: number; units: string; areArea: boolean } | undefined> {
  if (given.text('weights') === 'area')
    return { node: await areaWeights(context, field), units: 'm2', areArea: true };
  const weights = given.optionalField('weights');
  if (weights === undefined) return undefined;
  assertWithin(context, field, weights);
  return { node: weights.node, units: weights.units, areArea: false };
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
