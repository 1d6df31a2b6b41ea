import type { MaskedArray } from '@hyperslab/array';
import type { Field, FieldCoordinate } from './field.ts';

/** A name that no dimension or coordinate of a field has: as it is, else with a number, as `percentile__2`. */
export function freshName(name: string, dimensions: readonly string[], { coordinates }: Field): string {
  const taken = new Set([...dimensions, ...coordinates.map((coordinate) => coordinate.name)]);
  let fresh = name;
  for (let number = 2; taken.has(fresh); number++) fresh = `${name}__${number}`;
  return fresh;
}

/** A coordinate whose values an operation makes: of a dimension of its name, or scalar for one number. */
export function madeCoordinate(
  name: string,
  values: number | readonly number[],
  described: Partial<Pick<FieldCoordinate, 'standardName' | 'units' | 'bounds'>>,
): FieldCoordinate {
  const dimensions = typeof values === 'number' ? [] : [name];
  const list = typeof values === 'number' ? [values] : values;
  const shape = dimensions.map(() => list.length);
  const array: MaskedArray = { dtype: 'float64', shape, values: Float64Array.from(list) };
  return {
    name,
    standardName: '',
    units: '',
    calendar: '',
    axis: '',
    ...described,
    dimensions,
    isDimension: dimensions.length > 0,
    values: { dimensions, from: { array } },
  };
}
