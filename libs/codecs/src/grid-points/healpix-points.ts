/**
 * Centres of `count` pixels of HEALPix from pixel `first` on, degrees, in ring or nested order (Górski et al. 2005, "HEALPix: A
 * Framework for High-Resolution Discretization", section 4).
 */
export function healpixPoints(
  side: number,
  nested: boolean,
  first = 0,
  count = 12 * side * side,
): { latitudes: Float64Array; longitudes: Float64Array } {
  const latitudes = new Float64Array(count);
  const longitudes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [z, longitude] = nested ? nestedPlace(side, first + i) : ringPlace(side, first + i);
    latitudes[i] = (Math.asin(z) * 180) / Math.PI;
    longitudes[i] = longitude;
  }
  return { latitudes, longitudes };
}

/** Sine of the latitude, and longitude, of point j (from 1) of ring i (from 1 at the north pole). */
function placeInRing(side: number, ring: number, j: number): [z: number, longitude: number] {
  const north = Math.min(ring, 4 * side - ring);
  if (north < side) {
    const z = 1 - north ** 2 / (3 * side ** 2);
    return [ring === north ? z : -z, (90 / north) * (j - 0.5)];
  }
  const offset = (ring - side) % 2 === 0 ? 0.5 : 1;
  return [4 / 3 - (2 * ring) / (3 * side), (90 / side) * (j - offset)];
}

function ringPlace(side: number, pixel: number): [z: number, longitude: number] {
  const capSize = 2 * side * (side - 1);
  const count = 12 * side * side;
  if (pixel < capSize) {
    const ring = Math.floor((1 + Math.sqrt(1 + 2 * pixel)) / 2);
    return placeInRing(side, ring, pixel + 1 - 2 * ring * (ring - 1));
  }
  if (pixel < count - capSize) {
    const inBelt = pixel - capSize;
    return placeInRing(side, side + Math.floor(inBelt / (4 * side)), (inBelt % (4 * side)) + 1);
  }
  const [z, longitude] = ringPlace(side, count - 1 - pixel);
  // The south is the north turned: its pixels count backwards.
  return [-z, 360 - longitude];
}

/** Row and column of the twelve base pixels' southernmost corners, in units of a side and of 45 degrees. */
const baseRows = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4];
const baseColumns = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7];

function nestedPlace(side: number, pixel: number): [z: number, longitude: number] {
  const base = Math.floor(pixel / (side * side));
  const within = pixel % (side * side);
  const x = everySecondBit(within);
  const y = everySecondBit(Math.floor(within / 2));
  const ring = baseRows[base] * side - x - y - 1;
  const north = Math.min(ring, 4 * side - ring, side);
  const shift = north < side ? 0 : (ring - side) % 2;
  let j = (baseColumns[base] * north + x - y + 1 + shift) / 2;
  if (j > 4 * north) j -= 4 * north;
  if (j < 1) j += 4 * north;
  return placeInRing(side, ring, j);
}

function everySecondBit(number: number): number {
  let result = 0;
  for (let place = 1, rest = number; rest > 0; place *= 2, rest = Math.floor(rest / 4))
    result += place * (rest % 2);
  return result;
}
