import { HyperslabError, shortened } from '@hyperslab/errors';
import { isMonotonic } from '@hyperslab/kernels';
import { type CoordinateAxis, coordinateAxis } from '../../resolve/coordinate-axis.ts';
import { readData } from '../../resolve/coordinate-data.ts';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import { countedOn } from '../../resolve/counted-on.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { findTarget } from '../../resolve/select-field.ts';
import { boundNumbers } from '../../resolve/turn-bounds.ts';
import type { InferContext } from '../operation.ts';
import type { AxisParameters } from './axis-parameters.ts';

/** A dimension of a field with its coordinate, whose values are known. */
export interface KnownAxis {
  dimension: string;
  coordinate: FieldCoordinate;
  axis: AxisParameters;
  /** Reads and writes values in the coordinate's units. */
  values: CoordinateAxis;
}

/** The axis of a field that a name means. Throws EXPRESSION_INVALID where its coordinate is none to interpolate between. */
export async function knownAxis(
  { table, read }: InferContext,
  operation: string,
  field: Field,
  name: string,
): Promise<KnownAxis> {
  const { dimension, coordinate } = findTarget({ table }, field, name);
  const invalid = (what: string) =>
    new HyperslabError('EXPRESSION_INVALID', `"${operation}" along "${shortened(name)}": ${what}`);
  if (dimension === undefined) throw invalid('it has one value; expected a dimension');
  if (coordinate === undefined) throw invalid('the dimension has no coordinate to interpolate between');
  const array = await readData(coordinate.values, read);
  if (array.dtype === 'char' || array.dtype === 'string')
    throw invalid('its coordinate is text; expected numbers');
  const values = coordinateAxis(coordinate, array);
  const points = countedOn(coordinateNumbers(array), values.period);
  if (points.length === 0) throw invalid('it has no values');
  if (!isMonotonic(points))
    throw invalid('its values neither ascend nor descend throughout; select a part that does');
  const bounds = await boundsOf(coordinate, points, values.period, read);
  return {
    dimension,
    coordinate,
    values,
    axis: {
      points: [...points],
      ...(bounds && { bounds }),
      ...(values.period && { period: values.period }),
      // The target may be rounded, too.
      ...(values.rounding > 0 && { rounding: 2 * values.rounding }),
    },
  };
}

/** Two bounds for each point; undefined where there are none, or others. */
async function boundsOf(
  { bounds }: FieldCoordinate,
  points: Float64Array,
  period: number | undefined,
  read: InferContext['read'],
): Promise<number[] | undefined> {
  if (bounds === undefined) return undefined;
  const array = await readData(bounds, read);
  const numbers = boundNumbers(points, array, period);
  const fits = array.shape.length === 2 && array.shape[0] === points.length && array.shape[1] === 2;
  if (!fits || !numbers.every(Number.isFinite)) return undefined;
  return [...numbers];
}

/** Values of an option, in the coordinate's units: numbers, or what a selection may name, as dates. Throws EXPRESSION_INVALID. */
export function targetValues(axis: CoordinateAxis, list: readonly (number | string)[]): Float64Array {
  return Float64Array.from(list, (value) => (typeof value === 'number' ? value : axis.read(value).value));
}
