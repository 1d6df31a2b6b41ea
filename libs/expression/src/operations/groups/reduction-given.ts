import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import { namedReduction, reductionsByName } from '../reduce/named-reduction.ts';

/** The reduction that an operation is given the name of. Throws EXPRESSION_INVALID for one that needs more than an array. */
export function reductionGiven(given: Arguments, field: Field): FieldReduction {
  const name = given.text('reduction') ?? '';
  const reduction = namedReduction(name, field);
  if (reduction !== undefined) return reduction;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${given.operation}: "${shortened(name)}" does not reduce groups; expected one of ${reductionsByName.join(' ')}`,
  );
}
