import type { MaskedArray } from '@hyperslab/array';
import { coordinateAxis } from './coordinate-axis.ts';
import { countedOn } from './counted-on.ts';
import type { FieldCoordinate } from './field.ts';
import { boundNumbers } from './turn-bounds.ts';

/** The numbers of a coordinate, of longitudes counted on, and what they cover: the ends of cells, or the points where there are none. */
export function coveredNumbers(
  coordinate: FieldCoordinate,
  points: MaskedArray,
  bounds: MaskedArray | undefined,
): { numbers: Float64Array; covered: Float64Array } {
  const { numbers: stored, period } = coordinateAxis(coordinate, points);
  const counted = countedOn(stored!, period);
  // Of what goes around more than once, as a track does, the mean of all turns is no place.
  const turns = period === undefined ? 0 : Math.abs(counted[counted.length - 1] - counted[0]) / period;
  const numbers = turns > 1 ? stored! : counted;
  return { numbers, covered: bounds ? boundNumbers(numbers, bounds, period) : numbers };
}
