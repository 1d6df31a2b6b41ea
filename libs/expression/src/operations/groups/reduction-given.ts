import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { InferContext } from '../operation.ts';
import { percentileReduction } from '../percentile/infer.ts';
import { namedReduction, reductionsByName } from '../reduce/named-reduction.ts';
import { ddofOf } from '../reduce/parameters.ts';
import { withWeights } from '../reduce/weights.ts';

/** How groups are reduced, and what is made of that. */
export interface GroupReduction extends FieldReduction {
  /** Its values are places: indices along the dimension, or the values of its coordinate there. */
  places?: 'index' | 'coordinate';
  /** The coordinate along the dimension that it adds. */
  coordinate?: FieldCoordinate;
}

const extremes: Readonly<Record<string, GroupReduction>> = {
  argmin: { operation: 'argmin', units: '1', places: 'index' },
  argmax: { operation: 'argmax', units: '1', places: 'index' },
  idxmin: { operation: 'argmin', units: '', places: 'coordinate' },
  idxmax: { operation: 'argmax', units: '', places: 'coordinate' },
};
const others = ['percentile', ...Object.keys(extremes)];

/**
 * The reduction that an operation is given the name of, with the options that are its own. Throws EXPRESSION_INVALID for one that groups can't be
 * reduced by, and for options of another.
 */
export async function reductionGiven(
  context: InferContext,
  given: Arguments,
  field: Field,
): Promise<GroupReduction> {
  const name = given.text('reduction') ?? '';
  if (name === 'percentile') {
    refuseOptions(given, name, ['weights', 'ddof']);
    return percentileReduction(context, given, field);
  }
  refuseOptions(given, name, ['percentile', 'method']);
  if (Object.hasOwn(extremes, name)) {
    refuseOptions(given, name, ['weights', 'ddof']);
    return extremes[name];
  }
  if (name !== 'std' && name !== 'var') refuseOptions(given, name, ['ddof']);
  const reduction = namedReduction(name, field);
  if (reduction !== undefined)
    return withWeights(context, given, field, { ...reduction, parameters: ddofOf(given) });
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${given.operation}: "${shortened(name)}" does not reduce groups; expected one of ${[...reductionsByName, ...others].join(' ')}`,
  );
}

function refuseOptions(given: Arguments, reduction: string, options: readonly string[]): void {
  const wrong = options.find((name) => given.has(name));
  if (wrong === undefined) return;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${given.operation}: "${shortened(reduction)}" has no option "${wrong}"; leave it out`,
  );
}
