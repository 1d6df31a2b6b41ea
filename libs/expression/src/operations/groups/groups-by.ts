import { isTimeComponent, timeComponent, timeComponents } from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import { nearMatches } from '../../near-matches.ts';
import { readData } from '../../resolve/coordinate-data.ts';
import { coordinateLabels, coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import type { InferContext } from '../operation.ts';
import type { Groups } from './group-field.ts';
import { timesNamed } from './time-moments.ts';

/** Groups with what each is: a coordinate along the dimension of the result, which has its name. */
export interface NamedGroups extends Groups {
  name: string;
  coordinate: FieldCoordinate;
}

const seasons = ['DJF', 'MAM', 'JJA', 'SON'];

/**
 * Groups along a dimension by a part of its times, or by the values of a coordinate along it. Those that there are, in ascending order;
 * what is missing is in none. Throws EXPRESSION_INVALID for what is neither.
 */
export async function groupsBy(
  context: InferContext,
  field: Field,
  dimensionName: string,
  by: string,
  operation: string,
): Promise<NamedGroups> {
  const coordinate = field.coordinates.find((each) => each.name === by);
  assertFree(context, field, dimensionNamed(context, field, dimensionName), by, operation);
  if (coordinate === undefined && isTimeComponent(by)) {
    const { dimension, moments, units } = await timesNamed(context, field, dimensionName, operation);
    const parts = moments.map((moment) =>
      moment === undefined ? Number.NaN : timeComponent(by, moment, units.calendar),
    );
    const { groups, values } = numberGroups(dimension, parts, by);
    const labels = by === 'season' ? values.map((season) => seasons[season - 1]) : undefined;
    return { ...groups, name: by, coordinate: partCoordinate(by, values, labels) };
  }
  const dimension = dimensionNamed(context, field, dimensionName);
  if (coordinate === undefined || coordinate.dimensions.join() !== dimension)
    throw unknownGroups(field, dimension, by, operation);
  const array = await readData(coordinate.values, context.read);
  const labels = coordinateLabels(array);
  const { groups, values } =
    labels === undefined
      ? numberGroups(dimension, coordinateNumbers(array), by)
      : labelGroups(dimension, labels, by);
  const made = { ...coordinate, dimensions: [by], isDimension: true, bounds: undefined };
  return { ...groups, name: by, coordinate: { ...made, values: dataOf(by, values) } };
}

/** The dimension of the groups gets the name of what they are by, which must be no other dimension's. */
function assertFree(
  { table }: InferContext,
  field: Field,
  dimension: string,
  by: string,
  operation: string,
): void {
  if (by === dimension || !table.nodes[field.node].dimensions.includes(by)) return;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${operation}: the groups would be along "${by}", and there is another dimension of that name; expected a part of times or a coordinate along "${dimension}"`,
  );
}

function numberGroups(
  dimension: string,
  numbers: ArrayLike<number>,
  name: string,
): { groups: Groups; values: number[] } {
  const present = new Set(Array.from(numbers).filter((value) => !Number.isNaN(value)));
  const values = [...present].sort((a, b) => a - b);
  const places = new Map(values.map((value, place) => [value, place]));
  const members = Int32Array.from(numbers, (value) => places.get(value) ?? -1);
  return { groups: { dimension, count: values.length, members, name }, values };
}

function labelGroups(
  dimension: string,
  labels: readonly string[],
  name: string,
): { groups: Groups; values: string[] } {
  const values = [...new Set(labels)].sort();
  const places = new Map(values.map((value, place) => [value, place]));
  const members = Int32Array.from(labels, (label) => places.get(label)!);
  return { groups: { dimension, count: values.length, members, name }, values };
}

function partCoordinate(name: string, values: number[], labels: string[] | undefined): FieldCoordinate {
  return {
    name,
    standardName: '',
    units: labels === undefined ? '1' : '',
    calendar: '',
    axis: '',
    dimensions: [name],
    isDimension: true,
    values: dataOf(name, labels ?? values),
  };
}

function dataOf(name: string, values: number[] | string[]): FieldCoordinate['values'] {
  const shape = [values.length];
  if (values.every((value) => typeof value === 'string'))
    return { dimensions: [name], from: { array: { dtype: 'string', shape, values } } };
  const array = { dtype: 'float64' as const, shape, values: Float64Array.from(values as number[]) };
  return { dimensions: [name], from: { array } };
}

function unknownGroups(field: Field, dimension: string, by: string, operation: string): HyperslabError {
  const along = field.coordinates.filter((each) => each.dimensions.join() === dimension);
  const known = [...timeComponents, ...along.map((each) => each.name)];
  const near = nearMatches(by, known);
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `expected one of ${known.join(' ')}`;
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `${operation}: "${shortened(by)}" is no part of times and no coordinate along "${dimension}"; ${advice}`,
  );
}
