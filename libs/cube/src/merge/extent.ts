import { isNumeric, type MaskedArray } from '@hyperslab/array';
import type { Coordinate, Extent } from '@hyperslab/proto/cube';
import { formatTime, parseTimeUnits } from '../cf/time-units.ts';
import { isDegreesEast, isDegreesNorth } from '../cf/units.ts';

/** Smallest and largest value of a coordinate, and all of them where they are known. */
export interface CoordinateRange {
  minimum: number;
  maximum: number;
  values?: MaskedArray;
}

/** Where and when a cube lies: its times, and the box of its latitudes and longitudes. Undefined when neither is known. */
export function extentOf(
  coordinates: readonly Coordinate[],
  rangeOf: (coordinate: Coordinate) => CoordinateRange | undefined,
): Extent | undefined {
  const extent: Extent = { timeStart: '', timeEnd: '' };
  setTimes(extent, coordinates, rangeOf);
  const latitude = coordinates.find(
    ({ units, standardName }) => isDegreesNorth(units) || standardName === 'latitude',
  );
  const longitude = coordinates.find(
    ({ units, standardName }) => isDegreesEast(units) || standardName === 'longitude',
  );
  const [south, west] = [latitude, longitude].map((found) =>
    found === undefined ? undefined : rangeOf(found),
  );
  if (south !== undefined && west !== undefined) {
    Object.assign(extent, { south: south.minimum, north: south.maximum }, eastWest(west));
  }
  return extent.timeStart === '' && extent.south === undefined ? undefined : extent;
}

/** Range of the numbers of an array; undefined when there are none. */
export function rangeOfValues(values: MaskedArray): CoordinateRange | undefined {
  if (!isNumeric(values.dtype)) return undefined;
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let i = 0; i < values.values.length; i++) {
    const value = Number(values.values[i]);
    if (values.mask?.[i] === 1 || !Number.isFinite(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return minimum > maximum ? undefined : { minimum, maximum, values };
}

function setTimes(
  extent: Extent,
  coordinates: readonly Coordinate[],
  rangeOf: (coordinate: Coordinate) => CoordinateRange | undefined,
): void {
  const times = coordinates.filter(({ axis, units, standardName }) => {
    return standardName !== 'forecast_reference_time' && (axis === 'T' || / since /.test(units));
  });
  const best = times.find(({ standardName }) => standardName === 'time') ?? times[0];
  const units = best === undefined ? undefined : parseTimeUnits(best.units, best.calendar);
  const range = units === undefined ? undefined : rangeOf(best);
  if (units === undefined || range === undefined) return;
  extent.timeStart = formatTime(range.minimum, units);
  extent.timeEnd = formatTime(range.maximum, units);
}

/** The shortest stretch of the circle that holds all longitudes, as degrees east from -180 to 180. */
function eastWest({ minimum, maximum, values }: CoordinateRange): { west: number; east: number } {
  const plain = { west: normal(minimum), east: normal(maximum) };
  if (maximum - minimum >= 359.999) return { west: -180, east: 180 };
  if (values === undefined || values.shape.length > 1) return plain;
  const around = Float64Array.from(values.values as ArrayLike<number>, (value) => modulo(Number(value)))
    .filter(Number.isFinite)
    .sort();
  if (around.length < 2) return plain;
  let widest = around[0] + 360 - around[around.length - 1];
  let after = 0;
  let narrowest = Infinity;
  for (let i = 1; i < around.length; i++) {
    const gap = around[i] - around[i - 1];
    if (gap > 0) narrowest = Math.min(narrowest, gap);
    if (gap > widest) {
      widest = gap;
      after = i;
    }
  }
  // A grid all around the globe has one more gap of its own spacing, nothing else is missing.
  if (widest <= narrowest * 1.5) return { west: -180, east: 180 };
  const west = around[after];
  const east = around[(after + around.length - 1) % around.length];
  return { west: normal(west), east: normal(east) };
}

function modulo(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

function normal(degrees: number): number {
  return degrees >= -180 && degrees <= 180 ? degrees : modulo(degrees + 180) - 180;
}
