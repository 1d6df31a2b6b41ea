import { HyperslabError } from '@hyperslab/errors';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Arguments } from '../arguments.ts';

/** The parameter by which a reduction over several dimensions knows the order of elements. */
export function lengthsOf(
  { dimensions, shape }: Pick<PlanNode, 'dimensions' | 'shape'>,
  reduced: readonly string[],
): { lengths: number[] } | undefined {
  const lengths = shape.filter((_, axis) => reduced.includes(dimensions[axis]));
  return lengths.length > 1 ? { lengths } : undefined;
}

/**
 * The option `ddof` as a parameter, unless it is 0: what the number of values is lessened by. Throws EXPRESSION_INVALID for a
 * negative one.
 */
export function ddofOf(given: Arguments): { ddof: number } | undefined {
  const ddof = given.number('ddof') ?? 0;
  if (ddof >= 0) return ddof === 0 ? undefined : { ddof };
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `ddof=${ddof} of "${given.operation}": expected a whole number from 0`,
  );
}
