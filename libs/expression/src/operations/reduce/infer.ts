import { HyperslabError } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import { dimensionsNamed, type FieldReduction, reduceField } from '../../resolve/reduce-field.ts';
import { unitsOfProduct, unitsToPower } from '../../resolve/units-of-call.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';
import { areaWeights } from './area-weights.ts';

/** CF cell methods (appendix E); a count is no method of the quantity. */
const methods: Record<string, string> = {
  mean: 'mean',
  sum: 'sum',
  min: 'minimum',
  max: 'maximum',
  std: 'standard_deviation',
  var: 'variance',
};

/** A reduction over dimensions, or over all. */
export const inferReduction: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, await reductionOf(context, given, field));
};

async function reductionOf(context: InferContext, given: Arguments, field: Field): Promise<FieldReduction> {
  const { operation } = given;
  const method = methods[operation];
  const units = unitsOfReduction(operation, field.units);
  const keepsReading = ['mean', 'min', 'max'].includes(operation);
  const weights = await weightsOf(context, given, field);
  if (weights === undefined) return { operation, method, units, keepsReading };
  return {
    operation: `weighted_${operation}`,
    method: weights.areArea ? `${method} (area-weighted)` : `${method} (weighted)`,
    units: operation === 'sum' ? unitsOfProduct(field.units, weights.units) : units,
    keepsReading,
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

/** A variance is of squares, a count of nothing. */
function unitsOfReduction(operation: string, units: string): string {
  if (operation === 'count') return '1';
  return operation === 'var' ? unitsToPower(units, 2) : units;
}
