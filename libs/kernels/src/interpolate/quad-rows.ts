import type { CurvilinearPoints, Places } from './curvilinear-rows.ts';
import { PointIndex } from './point-index.ts';
import { gnomonicPlane, mapPlane, placeInQuadrangle } from './quadrangle-planes.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';
import { squaredChord, vectorsOf } from './sphere.ts';

/**
 * Latitude up to which a quadrangle is taken as it lies on a map of degrees; nearer to a pole, as seen from the place. So is one
 * that is as near to a pole as it is large: only of others what is around them lies within less than 180 degrees of longitude.
 */
const polewards = 85;

/**
 * Bilinear between the four points around each place on a grid of two dimensions; none outside of the grid's points. A grid
 * whose rows go around the globe is closed.
 */
export function bilinearOnCurvilinear(source: CurvilinearPoints): (places: Places) => SparseRows {
  const vectors = vectorsOf(source.latitudes, source.longitudes);
  const quads = quadrangles(source, vectors);
  const cornersOf = (quad: number) => quads.subarray(4 * quad, 4 * quad + 4);
  const { centres, radii } = ballsAround(quads, vectors);
  const index = new PointIndex(centres, radii);
  const polar = Uint8Array.from(radii, (radius, quad) => {
    const reachesPole =
      Math.hypot(centres[3 * quad], centres[3 * quad + 1], 1 - Math.abs(centres[3 * quad + 2])) <= radius;
    const isNear = cornersOf(quad).some((corner) => Math.abs(source.latitudes[corner]) > polewards);
    return reachesPole || isNear ? 1 : 0;
  });
  return (places) => {
    const targets = vectorsOf(places.latitudes, places.longitudes);
    const builder = new RowsBuilder();
    for (let row = 0; row < places.latitudes.length; row++) {
      const near = index.within(targets, row, 0);
      const onMap = (quad: number) => mapPlane(source, cornersOf(quad), places, row);
      const asSeen = (quad: number) => gnomonicPlane(vectors, cornersOf(quad), targets, row);
      const isNearPole = Math.abs(places.latitudes[row]) > polewards;
      const found =
        findPlace(near, (quad) => (isNearPole || polar[quad] === 1 ? asSeen(quad) : onMap(quad))) ??
        // Sides of both kinds do not meet everywhere: between them are places that only one kind for all has.
        (near.some((quad) => polar[quad] === 1) ? findPlace(near, asSeen) : undefined);
      if (found !== undefined) {
        const { quad, s, t } = found;
        const corners = cornersOf(quad);
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

/** The middle of each quadrangle, and how far what is in it may be from there. */
function ballsAround(quads: Int32Array, vectors: Float64Array) {
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
  return { centres, radii };
}

/** The first quadrangle that has a place, which is the origin of the planes, and where in it; undefined if none has. */
function findPlace(
  quads: readonly number[],
  planeOf: (quad: number) => number[] | undefined,
): { quad: number; s: number; t: number } | undefined {
  for (const quad of quads) {
    const plane = planeOf(quad);
    const place = plane && placeInQuadrangle(plane);
    if (place !== undefined) return { quad, s: place[0], t: place[1] };
  }
  return undefined;
}
