/** A run of longitudes, degrees east, from -180 to 180, that does not cross the date line. */
export type LongitudeRange = readonly [west: number, east: number];

/**
 * A span of longitudes as one or two runs. `east` less than `west` crosses the date line; 360° or more is all of them.
 * Files count from -180 or from 0, so both ends may be anywhere.
 */
export function longitudeRanges(west: number, east: number): LongitudeRange[] {
  if (east - west >= 360) return [[-180, 180]];
  const width = modulo(east - west, 360);
  const start = modulo(west + 180, 360) - 180;
  const end = start + width;
  // The date line itself is both 180 and -180.
  if (end >= 180)
    return [
      [start, 180],
      [-180, end - 360],
    ];
  return start > -180
    ? [[start, end]]
    : [
        [start, end],
        [180, 180],
      ];
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
