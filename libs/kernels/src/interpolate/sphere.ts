/*
 * Places on a sphere of radius 1 as vectors, three numbers each one after the other: no place is special, neither the poles nor
 * where longitudes start again.
 */

const radians = Math.PI / 180;

/** Degrees, of the type that they are stored in: what is kept of float32 takes half. */
export type Degrees = Float32Array | Float64Array;

/** Vectors of places in degrees; NaN where either is. */
export function vectorsOf(latitudes: Degrees, longitudes: Degrees): Float64Array {
  const vectors = new Float64Array(3 * latitudes.length);
  for (let i = 0; i < latitudes.length; i++) setVector(vectors, i, latitudes[i], longitudes[i]);
  return vectors;
}

/** Puts the vector of a place among others. */
export function setVector(vectors: Float64Array, i: number, latitude: number, longitude: number): void {
  const phi = latitude * radians;
  const lambda = longitude * radians;
  vectors[3 * i] = Math.cos(phi) * Math.cos(lambda);
  vectors[3 * i + 1] = Math.cos(phi) * Math.sin(lambda);
  vectors[3 * i + 2] = Number.isNaN(lambda) ? Number.NaN : Math.sin(phi);
}

/** The square of the straight distance of two of the vectors. */
export function squaredChord(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const x = a[3 * i] - b[3 * j];
  const y = a[3 * i + 1] - b[3 * j + 1];
  const z = a[3 * i + 2] - b[3 * j + 2];
  return x * x + y * y + z * z;
}

type Vector = readonly [number, number, number];

/** Two directions square to a vector of length 1, the first also to the axis that is least along it. */
export function tangentsAt(x: number, y: number, z: number): readonly [Vector, Vector] {
  const along = Math.abs(z) < 0.6 ? [0, 0, 1] : [1, 0, 0];
  let [a, b, c] = [y * along[2] - z * along[1], z * along[0] - x * along[2], x * along[1] - y * along[0]];
  const length = Math.hypot(a, b, c);
  [a, b, c] = [a / length, b / length, c / length];
  return [
    [a, b, c],
    [y * c - z * b, z * a - x * c, x * b - y * a],
  ];
}
