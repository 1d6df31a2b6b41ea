import { HyperslabError } from '@hyperslab/errors';
import type { Infer } from '../operation.ts';
import { expandByCoordinate, expandByValues } from './expand-field.ts';

/** New dimensions, the first that is named outermost. */
export const inferExpand: Infer = async (context, given) => {
  const coordinates = given.texts('coordinate');
  const named = given.byName();
  if (coordinates.length + named.length === 0) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      '"expand" names no dimension; expected a scalar coordinate, or a new one: expand(t, realization=0)',
    );
  }
  let field = given.field('x');
  for (const [name, value] of named.toReversed()) {
    const values = typeof value === 'object' ? value : [value];
    field = expandByValues(context, field, name, values as readonly number[] | readonly string[]);
  }
  for (const name of coordinates.toReversed()) field = await expandByCoordinate(context, field, name);
  return field;
};
