import { dimensionsNamed, reduceField } from '../../resolve/reduce-field.ts';
import { unitsToPower } from '../../resolve/units-of-call.ts';
import type { Infer } from '../operation.ts';

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
  const { operation } = given;
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  return reduceField(context, field, reduced, {
    operation,
    method: methods[operation],
    units: unitsOfReduction(operation, field.units),
    keepsReading: ['mean', 'min', 'max'].includes(operation),
  });
};

/** A variance is of squares, a count of nothing. */
function unitsOfReduction(operation: string, units: string): string {
  if (operation === 'count') return '1';
  return operation === 'var' ? unitsToPower(units, 2) : units;
}
