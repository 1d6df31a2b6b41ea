import type { CurvilinearPoints, Places } from './curvilinear-rows.ts';
import { tangentsAt } from './sphere.ts';

/** So far outside of a quadrangle, in parts of its sides, a place may be by rounding. */
const closeness = 1e-9;

/** Corners on a map of degrees whose origin is a place, x and y of each. */
export function mapPlane(
  { latitudes, longitudes }: CurvilinearPoints,
  corners: readonly number[],
  places: Places,
  row: number,
): number[] {
  const plane: number[] = [];
  for (const corner of corners) {
    const east = longitudes[corner] - places.longitudes[row];
    plane.push(east - 360 * Math.round(east / 360), latitudes[corner] - places.latitudes[row]);
  }
  return plane;
}

/** Corners as seen from a place, x and y of each; undefined where they can't be. */
export function gnomonicPlane(
  vectors: Float64Array,
  corners: readonly number[],
  targets: Float64Array,
  row: number,
): number[] | undefined {
  const plane: number[] = [];
  for (const corner of corners) {
    const seen = gnomonic(vectors, corner, targets, row);
    if (seen === undefined) return undefined;
    plane.push(...seen);
  }
  return plane;
}

/** A vector on the plane that touches the sphere at a place, as seen from the centre: great circles are straight. */
function gnomonic(
  vectors: Float64Array,
  i: number,
  places: Float64Array,
  place: number,
): [number, number] | undefined {
  const [x, y, z] = [places[3 * place], places[3 * place + 1], places[3 * place + 2]];
  const [u, v, w] = [vectors[3 * i], vectors[3 * i + 1], vectors[3 * i + 2]];
  const height = x * u + y * v + z * w;
  if (!(height > 0)) return undefined;
  const [[a, b, c], [d, e, f]] = tangentsAt(x, y, z);
  return [(a * u + b * v + c * w) / height, (d * u + e * v + f * w) / height];
}

/** Where the origin lies in a quadrangle, as parts of its sides; undefined when outside. Newton's method, as SCRIP does it. */
export function placeInQuadrangle([x0, y0, x1, y1, x2, y2, x3, y3]: number[]): [number, number] | undefined {
  if (!(Math.min(x0, x1, x2, x3) <= 0 && Math.max(x0, x1, x2, x3) >= 0)) return undefined;
  if (!(Math.min(y0, y1, y2, y3) <= 0 && Math.max(y0, y1, y2, y3) >= 0)) return undefined;
  const [bx, by, cx, cy] = [x1 - x0, y1 - y0, x2 - x0, y2 - y0];
  const [dx, dy] = [x3 - x1 - x2 + x0, y3 - y1 - y2 + y0];
  let [s, t] = [0.5, 0.5];
  for (let round = 0; round < 50; round++) {
    const [ex, ey] = [x0 + s * bx + t * cx + s * t * dx, y0 + s * by + t * cy + s * t * dy];
    const [sx, sy, tx, ty] = [bx + t * dx, by + t * dy, cx + s * dx, cy + s * dy];
    const determinant = sx * ty - sy * tx;
    if (determinant === 0) return undefined;
    const [ds, dt] = [(ex * ty - ey * tx) / determinant, (sx * ey - sy * ex) / determinant];
    s -= ds;
    t -= dt;
    if (Math.abs(ds) + Math.abs(dt) < 1e-13) break;
  }
  const inside = (part: number) => part >= -closeness && part <= 1 + closeness;
  const within = (part: number) => Math.min(1, Math.max(0, part));
  return inside(s) && inside(t) ? [within(s), within(t)] : undefined;
}
