import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { gather } from '@hyperslab/kernels';
import { addArray } from '../../resolve/array-node.ts';
import { textAttribute } from '../../resolve/attributes.ts';
import { readData } from '../../resolve/coordinate-data.ts';
import { addCoordinate } from '../../resolve/coordinate-node.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addOperation } from '../../resolve/node-table.ts';
import type { InferContext } from '../operation.ts';

/** Places of extremes along indices in another order as indices along the dimension: `order` says which each was. */
export function indexAtPlaces(context: InferContext, places: Field, order: readonly number[]): Field {
  const array: MaskedArray = {
    dtype: 'int64',
    shape: [order.length],
    values: BigInt64Array.from(order, BigInt),
  };
  return lookedUp(context, places, addArray(context, ['index'], array));
}

/**
 * Places of extremes as values of the coordinate there, in its units and calendar. Throws EXPRESSION_INVALID for places along several dimensions, and along one
 * without a coordinate.
 */
export async function coordinateAtPlaces(
  context: InferContext,
  field: Field,
  along: readonly string[],
  places: Field,
  order?: readonly number[],
): Promise<Field> {
  if (along.length !== 1)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `the coordinate of an extreme is along one dimension, not ${along.join(' and ')}; take its index, by argmin or argmax`,
    );
  const { coordinate, node } = await addCoordinate(context, 'idxmin or idxmax', field, along[0]);
  if (order === undefined) return ofCoordinate(lookedUp(context, places, node), coordinate);
  const ordered = gather(await readData(coordinate.values, context.read), 0, order);
  return ofCoordinate(lookedUp(context, places, addArray(context, along, ordered)), coordinate);
}

function lookedUp({ table }: InferContext, places: Field, values: number): Field {
  const result = { ...table.nodes[places.node], dtype: table.nodes[values].dtype };
  return { ...places, node: addOperation(table, 'lookup', [places.node, values], null, result) };
}

/** Values that are those of a coordinate. */
export function ofCoordinate(values: Field, { units, standardName, calendar }: FieldCoordinate): Field {
  const attributes = Object.entries({ standard_name: standardName, calendar }).flatMap(([name, text]) =>
    text === '' ? [] : [textAttribute(name, text)],
  );
  return { ...values, units, attributes, isReading: true };
}
