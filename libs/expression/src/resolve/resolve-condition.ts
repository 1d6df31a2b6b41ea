import { HyperslabError } from '@hyperslab/errors';
import type { Field } from './field.ts';
import { type Known, knownValues } from './known-values.ts';
import { mergeCoordinates } from './merge-coordinates.ts';

/**
 * Where along a dimension of a field a condition holds: 1, else 0; missing is not. Throws EXPRESSION_INVALID for a condition of other dimensions or
 * coordinates, and of values that are not known yet.
 */
export async function resolveCondition(
  known: Known,
  field: Field,
  dimension: string,
  condition: Field,
): Promise<Uint8Array> {
  const { dimensions } = known.table.nodes[condition.node];
  const what = `mask(…) along "${dimension}"`;
  if (dimensions.join() !== dimension) {
    const found = dimensions.length === 0 ? 'none' : dimensions.join(', ');
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${what} has the dimensions ${found}; expected ${dimension} alone`,
    );
  }
  const length = lengthAlong(known, field, dimension);
  if (lengthAlong(known, condition, dimension) !== length) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${what} has ${lengthAlong(known, condition, dimension)} values; expected ${length}`,
    );
  }
  await mergeCoordinates([field, condition], known.read);
  const { values, mask } = await knownValues(known, condition.node, what);
  // Everything but 0 is true, as in where().
  return Uint8Array.from(values as Float64Array, (value, i) =>
    Number(value) !== 0 && (mask?.[i] ?? 0) === 0 ? 1 : 0,
  );
}

function lengthAlong({ table }: Known, { node }: Field, dimension: string): number {
  const { dimensions, shape } = table.nodes[node];
  return shape[dimensions.indexOf(dimension)];
}
