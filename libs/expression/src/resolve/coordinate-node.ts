import { isNumeric } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { InferContext } from '../operations/operation.ts';
import { addArray } from './array-node.ts';
import { readData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';

/**
 * The coordinate that gives a dimension of a field meaning, and a node of its values. Throws EXPRESSION_INVALID where there is
 * none, and NOT_COMPUTABLE for texts.
 */
export async function addCoordinate(
  context: InferContext,
  operation: string,
  field: Field,
  dimension: string,
): Promise<{ coordinate: FieldCoordinate; node: number }> {
  const coordinate = field.coordinates.find((each) => each.isDimension && each.dimensions[0] === dimension);
  if (coordinate === undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `dimension "${dimension}" has no coordinate, whose values "${operation}" takes`,
    );
  const array = await readData(coordinate.values, context.read);
  if (!isNumeric(array.dtype))
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `coordinate "${coordinate.name}" is of texts; expected numbers for "${operation}"`,
    );
  return { coordinate, node: addArray(context, [dimension], array) };
}
