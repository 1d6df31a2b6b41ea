import type { MaskedArray } from '@hyperslab/array';
import type { ComputedArray } from '@hyperslab/client';
import { isoTimes } from '@hyperslab/results';

/** What a line is drawn along. */
export interface LineAxis {
  x: MaskedArray;
  /** In ISO 8601, where x is a time. */
  times?: string[];
  label: string;
}

/** The coordinate of the only dimension of an array, or the indices where it has none with numbers. */
export function lineAxis(array: ComputedArray): LineAxis {
  const [dimension] = array.dimensions;
  const own = array.coordinates.filter(
    ({ dimensions, dtype }) =>
      dimensions.length === 1 && dimensions[0] === dimension && dtype !== 'string' && dtype !== 'char',
  );
  const coordinate =
    own.find(({ name }) => name === dimension) ?? own.find(({ axis }) => axis !== '') ?? own[0];
  if (coordinate === undefined) {
    const [length] = array.shape;
    const indices = Float64Array.from({ length }, (_, i) => i);
    return { x: { dtype: 'float64', shape: [length], values: indices }, label: `${dimension} (index)` };
  }
  const times = isoTimes(coordinate)?.map((time) => time ?? '');
  if (times !== undefined) return { x: coordinate, times, label: coordinate.name };
  const { name, units } = coordinate;
  return { x: coordinate, label: units === '' ? name : `${name} (${units})` };
}
