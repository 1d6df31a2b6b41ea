/**
 * Longitudes of one row without jumps: 350, 355, 0, 5 become 350, 355, 360, 365. Each is within half a turn of the one
 * before.
 */
export function unwrapLongitudes(longitudes: ArrayLike<number>): Float64Array {
  const unwrapped = Float64Array.from(longitudes);
  for (let i = 1; i < unwrapped.length; i++)
    unwrapped[i] -= 360 * Math.round((unwrapped[i] - unwrapped[i - 1]) / 360);
  return unwrapped;
}

/** The longitude that means the same, from `start` on up to a turn later. */
export function wrapFrom(longitude: number, start: number): number {
  return longitude - 360 * Math.floor((longitude - start) / 360);
}
