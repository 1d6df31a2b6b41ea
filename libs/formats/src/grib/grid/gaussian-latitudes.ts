/**
 * Latitudes of a Gaussian grid in degrees, from index `first` (0 is the northernmost of 2 × `parallels`), `count` of them:
 * arcsines of the roots of the Legendre polynomial of degree 2 × `parallels`, each by Newton's method from its asymptotic
 * value, to the last digits.
 */
export function gaussianLatitudes(parallels: number, first: number, count: number): Float64Array {
  const degree = 2 * parallels;
  const latitudes = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    if (!Number.isNaN(latitudes[i])) continue;
    const index = first + i;
    // The polynomial is even: roots of the south are those of the north.
    const north = Math.min(index, degree - 1 - index);
    const latitude = rootLatitude(degree, north);
    for (const [at, value] of [
      [north - first, latitude],
      [degree - 1 - north - first, -latitude],
    ]) {
      if (at >= 0 && at < count) latitudes[at] = value;
    }
  }
  return latitudes;
}

function rootLatitude(degree: number, index: number): number {
  let root = Math.cos((Math.PI * (index + 0.75)) / (degree + 0.5));
  for (let i = 0; i < 10; i++) {
    let [previous, value] = [1, root];
    for (let n = 2; n <= degree; n++) {
      [previous, value] = [value, ((2 * n - 1) * root * value - (n - 1) * previous) / n];
    }
    const step = (value * (1 - root * root)) / (degree * (previous - root * value));
    root -= step;
    if (Math.abs(step) < 1e-15) break;
  }
  return (Math.asin(root) * 180) / Math.PI;
}

/** Which parallel of a Gaussian grid is nearest to a latitude, and how far away, in parallels: they are nearly equally spaced. */
export function nearestParallel(parallels: number, latitude: number): { index: number; offset: number } {
  const degree = 2 * parallels;
  const theta = ((90 - latitude) * Math.PI) / 180;
  const position = (theta * (degree + 0.5)) / Math.PI - 0.75;
  const index = Math.min(degree - 1, Math.max(0, Math.round(position)));
  return { index, offset: Math.abs(position - index) };
}
