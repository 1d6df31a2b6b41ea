import type { CurvilinearPoints, Places } from './curvilinear-rows.ts';
import { PointIndex } from './point-index.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';
import { squaredChord, vectorsOf } from './sphere.ts';

/** Latitude up to which a quadrangle is taken as it lies on a map of degrees; nearer to a pole, as seen from the place. */
const polewards = 85;

/** So far outside of a quadrangle, in parts of its sides, a place may be by rounding. */
const closeness = 1e-9;

/**
 * Bilinear between the four points around each place on a grid of two dimensions; none outside of the grid's points. A grid
 * whose rows go around the globe is closed.
 */
export function bilinearOnCurvilinear(source: CurvilinearPoints): (places: Places) => SparseRows {
  const vectors = vectorsOf(source.latitudes, source.longitudes);
  const quads = quadrangles(source, vectors);
  const index = indexQuadrangles(quads, vectors);
  return (places) => {
    const targets = vectorsOf(places.latitudes, places.longitudes);
    const builder = new RowsBuilder();
    for (let row = 0; row < places.latitudes.length; row++) {
      const near = index.within(targets, row, 0).map((quad) => quads.subarray(4 * quad, 4 * quad + 4));
      const onMap = (corners: Int32Array) => mapPlane(source, corners, places, row);
      const asSeen = (corners: Int32Array) => gnomonicPlane(vectors, corners, targets, row);
      const isPolar = (corners: Int32Array) =>
        Math.abs(places.latitudes[row]) > polewards ||
        corners.some((corner) => Math.abs(source.latitudes[corner]) > polewards);
      const found =
        findPlace(near, (corners) => (isPolar(corners) ? asSeen(corners) : onMap(corners))) ??
        // Sides of both kinds do not meet everywhere: between them are places that only one kind for all has.
        (near.some(isPolar) ? findPlace(near, asSeen) : undefined);
      if (found !== undefined) {
        const { corners, s, t } = found;
        builder.add(corners[0], (1 - s) * (1 - t));
        builder.add(corners[1], s * (1 - t));
        builder.add(corners[2], (1 - s) * t);
        builder.add(corners[3], s * t);
      }
      builder.endRow();
    }
    return builder.finish();
  };
}

/** Four points for each cell between points: (j, i), (j, i + 1), (j + 1, i), (j + 1, i + 1). */
function quadrangles({ shape }: CurvilinearPoints, vectors: Float64Array): Int32Array {
  const [rows, columns] = shape;
  const corners: number[] = [];
  for (let j = 0; j + 1 < rows; j++) {
    const closes = isClosed(vectors, j * columns, columns) && isClosed(vectors, (j + 1) * columns, columns);
    for (let i = 0; i + 1 < columns || (closes && i < columns); i++) {
      const next = (i + 1) % columns;
      corners.push(j * columns + i, j * columns + next, (j + 1) * columns + i, (j + 1) * columns + next);
    }
  }
  return Int32Array.from(corners);
}

/** Whether a row's last point has the first as a neighbour. With fewer points than four nobody can tell. */
function isClosed(vectors: Float64Array, start: number, count: number): boolean {
  if (count < 4) return false;
  let longest = 0;
  for (let i = start; i + 1 < start + count; i++) {
    const distance = squaredChord(vectors, i, vectors, i + 1);
    // Not of points that have no place.
    if (distance > longest) longest = distance;
  }
  const gap = squaredChord(vectors, start + count - 1, vectors, start);
  return gap > 0 && gap <= 1.5 ** 2 * longest;
}

function indexQuadrangles(quads: Int32Array, vectors: Float64Array): PointIndex {
  const count = quads.length / 4;
  const centres = new Float64Array(3 * count);
  const radii = new Float64Array(count);
  for (let quad = 0; quad < count; quad++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let corner = 0; corner < 4; corner++) sum += vectors[3 * quads[4 * quad + corner] + axis];
      centres[3 * quad + axis] = sum / 4;
    }
    let squared = 0;
    for (let corner = 0; corner < 4; corner++)
      squared = Math.max(squared, squaredChord(centres, quad, vectors, quads[4 * quad + corner]));
    // Centres lie a little within the sphere, places on it.
    radii[quad] = 1.2 * Math.sqrt(squared);
  }
  return new PointIndex(centres, radii);
}

/** The first quadrangle that has a place, which is the origin of the planes, and where in it; undefined if none has. */
function findPlace(
  quads: readonly Int32Array[],
  planeOf: (corners: Int32Array) => number[] | undefined,
): { corners: Int32Array; s: number; t: number } | undefined {
  for (const corners of quads) {
    const plane = planeOf(corners);
    const place = plane && placeInQuadrangle(plane);
    if (place !== undefined) return { corners, s: place[0], t: place[1] };
  }
  return undefined;
}

/** Corners on a map of degrees whose origin is a place, x and y of each. */
function mapPlane(
  { latitudes, longitudes }: CurvilinearPoints,
  corners: Int32Array,
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
function gnomonicPlane(
  vectors: Float64Array,
  corners: Int32Array,
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
  // Two directions square to the place: first that of the axis that is least along it.
  const along = Math.abs(z) < 0.6 ? [0, 0, 1] : [1, 0, 0];
  let [a, b, c] = [y * along[2] - z * along[1], z * along[0] - x * along[2], x * along[1] - y * along[0]];
  const length = Math.hypot(a, b, c);
  [a, b, c] = [a / length, b / length, c / length];
  const [d, e, f] = [y * c - z * b, z * a - x * c, x * b - y * a];
  return [(a * u + b * v + c * w) / height, (d * u + e * v + f * w) / height];
}

/** Where the origin lies in a quadrangle, as parts of its sides; undefined when outside. Newton's method, as SCRIP does it. */
function placeInQuadrangle([x0, y0, x1, y1, x2, y2, x3, y3]: number[]): [number, number] | undefined {
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
