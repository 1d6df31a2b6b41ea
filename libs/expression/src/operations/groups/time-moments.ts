import { decodeMoment, type Moment, parseTimeUnits, type TimeUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { readData } from '../../resolve/coordinate-data.ts';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { findTarget } from '../../resolve/select-field.ts';
import type { InferContext } from '../operation.ts';

/** Times along a dimension of a field; undefined where one is missing or no date. */
export interface Times {
  dimension: string;
  coordinate: FieldCoordinate;
  units: TimeUnits;
  moments: (Moment | undefined)[];
}

/** The times that a name means. Throws EXPRESSION_INVALID for what is no coordinate of times along a dimension. */
export async function timesNamed(
  { table, read }: InferContext,
  field: Field,
  name: string,
  operation: string,
): Promise<Times> {
  const { dimension, coordinate } = findTarget({ table }, field, name);
  const units = coordinate === undefined ? undefined : parseTimeUnits(coordinate.units, coordinate.calendar);
  if (dimension === undefined || coordinate === undefined || units === undefined) {
    const found = dimension === undefined ? 'has one value' : 'has no times';
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${operation}: "${name}" ${found}; expected a dimension with times, in units as "hours since 2026-11-22"`,
    );
  }
  const numbers = coordinateNumbers(await readData(coordinate.values, read));
  const moments = Array.from(numbers, (value) => decodeMoment(value, units));
  return { dimension, coordinate, units, moments };
}
