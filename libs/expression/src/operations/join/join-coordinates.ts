import type { MaskedArray, NumericType, NumericValues } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { convert, promote } from '@hyperslab/kernels';
import {
  type CoordinateData,
  joinArrays,
  type ReadVariable,
  readData,
} from '../../resolve/coordinate-data.ts';
import { coordinateLabels, coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { inUnitsOf } from './in-units-of.ts';

/**
 * Coordinates along a dimension of fields that are joined along it: those that all have, in the units of the first. Throws
 * EXPRESSION_INVALID when only some have a coordinate of the dimension, its units differ, or its numbers do not go on in one direction.
 */
export async function joinCoordinates(
  operation: string,
  fields: readonly Field[],
  dimension: string,
  read: ReadVariable | undefined,
): Promise<FieldCoordinate[]> {
  const joined: FieldCoordinate[] = [];
  for (const coordinate of fields[0].coordinates.filter(({ dimensions }) => dimensions.includes(dimension))) {
    const found = fields.map((field) => matching(field, coordinate, dimension));
    const all = found.filter((each) => each !== undefined);
    if (all.length < fields.length) {
      if (!coordinate.isDimension) continue;
      throw invalid(
        `operands of "${operation}" do not all have a coordinate along "${dimension}"; expected "${coordinate.name}" of each`,
      );
    }
    const values = await joinData(operation, coordinate, all, dimension, ({ values }) => values, read);
    const hasBounds = all.every(({ bounds }) => bounds !== undefined);
    const bounds = hasBounds
      ? await joinData(operation, coordinate, all, dimension, (each) => each.bounds!, read)
      : undefined;
    if (values === undefined) continue;
    if (coordinate.isDimension) assertOneDirection(operation, coordinate, values.from.array, all.length);
    joined.push({ ...coordinate, values, bounds });
  }
  return joined;
}

function matching(field: Field, { name, isDimension }: FieldCoordinate, dimension: string) {
  return field.coordinates.find((each) =>
    isDimension ? each.isDimension && each.dimensions[0] === dimension : each.name === name,
  );
}

/** Undefined for auxiliary coordinates that can't be put one after the other. */
async function joinData(
  operation: string,
  first: FieldCoordinate,
  parts: readonly FieldCoordinate[],
  dimension: string,
  dataOf: (coordinate: FieldCoordinate) => CoordinateData,
  read: ReadVariable | undefined,
): Promise<{ dimensions: string[]; from: { array: MaskedArray } } | undefined> {
  const data = parts.map(dataOf);
  const { dimensions } = data[0];
  if (data.some((each) => each.dimensions.join() !== dimensions.join())) return undefined;
  const arrays: MaskedArray[] = [];
  for (const [i, part] of parts.entries()) {
    const array = await readData(data[i], read);
    arrays.push(inUnitsOf(operation, first, part, array));
  }
  const axis = dimensions.indexOf(dimension);
  const across = ({ shape }: MaskedArray) => shape.toSpliced(axis, 1).join();
  if (arrays.some((array) => across(array) !== across(arrays[0]))) return undefined;
  const types = arrays.map(({ dtype }) => dtype);
  const isText = (dtype: string) => dtype === 'char' || dtype === 'string';
  if (types.some(isText)) {
    if (types.some((dtype) => dtype !== types[0])) return undefined;
    return { dimensions, from: { array: joinArrays(arrays, axis) } };
  }
  const dtype = (types as NumericType[]).reduce(promote);
  const alike = arrays.map((array) => ({
    ...array,
    dtype,
    values: convert(array.values as NumericValues, array.dtype, dtype),
  }));
  return { dimensions, from: { array: joinArrays(alike, axis) } };
}

/** Of numbers: labels have no order. */
function assertOneDirection(
  operation: string,
  { name }: FieldCoordinate,
  array: MaskedArray,
  parts: number,
): void {
  if (coordinateLabels(array) !== undefined) return;
  const numbers = coordinateNumbers(array);
  const rises = numbers[numbers.length - 1] > numbers[0];
  for (let i = 1; i < numbers.length; i++) {
    const [before, after] = [numbers[i - 1], numbers[i]];
    if (rises ? after > before : after < before) continue;
    const why = after === before ? 'comes twice' : `follows ${before}`;
    throw invalid(
      `"${name}" of the ${parts} operands of "${operation}" does not go on in one direction: ${after} ${why}; give them in order, without overlap`,
    );
  }
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
