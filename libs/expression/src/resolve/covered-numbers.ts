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
  const { numbers, period } = coordinateAxis(coordinate, points);
  const counted = countedOn(numbers!, period);
  return { numbers: counted, covered: bounds ? boundNumbers(counted, bounds, period) : counted };
}
