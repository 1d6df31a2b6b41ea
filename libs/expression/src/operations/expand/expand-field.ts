import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import { type CoordinateData, type ReadVariable, readData } from '../../resolve/coordinate-data.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import { findTarget } from '../../resolve/select-field.ts';
import type { InferContext } from '../operation.ts';

/** A field with a first dimension more, along which it is the same, and its coordinate. */
export function expandByValues(
  context: InferContext,
  field: Field,
  name: string,
  values: readonly number[] | readonly string[],
): Field {
  const known = field.coordinates.find((coordinate) => coordinate.name === name);
  if (known !== undefined) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      known.dimensions.length === 0
        ? `"${shortened(name)}" is a scalar coordinate already; make it a dimension by its name alone: expand(x, ${shortened(name)})`
        : `"${shortened(name)}" is a coordinate already; expected a new name`,
    );
  }
  if (values.length === 0)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${shortened(name)}" has no values; expected one or more`,
    );
  const array = coordinateArray(values);
  const coordinate = { ...plainCoordinate(name), values: { dimensions: [name], from: { array } } };
  return withDimension(context, field, coordinate, values.length);
}

/** A field whose scalar coordinate becomes that of a first dimension of one index. */
export async function expandByCoordinate(context: InferContext, field: Field, name: string): Promise<Field> {
  const { coordinate, dimension } = findTarget(context, field, name);
  if (dimension !== undefined || coordinate === undefined)
    throw new HyperslabError('EXPRESSION_INVALID', `"${shortened(name)}" is a dimension already`);
  const expanded = (data: CoordinateData) => expandedData(data, coordinate.name, context.read);
  const along: FieldCoordinate = {
    ...coordinate,
    dimensions: [coordinate.name],
    isDimension: true,
    values: await expanded(coordinate.values),
    bounds: coordinate.bounds === undefined ? undefined : await expanded(coordinate.bounds),
  };
  const rest = field.coordinates.filter((each) => each !== coordinate);
  return withDimension(context, { ...field, coordinates: rest }, along, 1);
}

/** Values with a first dimension more, of one index. */
export async function expandedData(
  data: CoordinateData,
  dimension: string,
  read: ReadVariable | undefined,
): Promise<CoordinateData> {
  const array = await readData(data, read);
  return {
    dimensions: [dimension, ...data.dimensions],
    from: { array: { ...array, shape: [1, ...array.shape] } },
  };
}

function withDimension(
  { table }: InferContext,
  field: Field,
  coordinate: FieldCoordinate,
  length: number,
): Field {
  const node = table.nodes[field.node];
  assertNumeric(node, 'expand');
  const [dimension] = coordinate.dimensions;
  if (node.dimensions.includes(dimension))
    throw new HyperslabError('EXPRESSION_INVALID', `"${shortened(dimension)}" is a dimension already`);
  return {
    ...field,
    node: addOperation(
      table,
      'expand',
      [field.node],
      { dimension },
      {
        dtype: node.dtype,
        dimensions: [dimension, ...node.dimensions],
        shape: [length, ...node.shape],
      },
    ),
    coordinates: [coordinate, ...field.coordinates],
  };
}

function plainCoordinate(name: string): Omit<FieldCoordinate, 'values'> {
  const isMember = name === 'realization';
  return {
    name,
    standardName: isMember ? 'realization' : '',
    units: isMember ? '1' : '',
    calendar: '',
    axis: '',
    dimensions: [name],
    isDimension: true,
  };
}

function coordinateArray(values: readonly number[] | readonly string[]): MaskedArray {
  const shape = [values.length];
  if (typeof values[0] === 'string') return { dtype: 'string', shape, values: [...(values as string[])] };
  const numbers = values as readonly number[];
  const isShort = numbers.every((number) => Number.isInteger(number) && Math.abs(number) < 2 ** 31);
  return isShort
    ? { dtype: 'int32', shape, values: Int32Array.from(numbers) }
    : { dtype: 'float64', shape, values: Float64Array.from(numbers) };
}
