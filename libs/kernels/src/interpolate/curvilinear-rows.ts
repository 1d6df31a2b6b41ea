import { PointIndex } from './point-index.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';
import { type Degrees, squaredChord, vectorsOf } from './sphere.ts';

/** Points of a grid whose latitudes and longitudes are fields of their own, in degrees; of one dimension when `shape` has one. */
export interface CurvilinearPoints {
  shape: readonly number[];
  latitudes: Degrees;
  longitudes: Degrees;
}

/** A list of places, in degrees. */
export interface Places {
  latitudes: Float64Array;
  longitudes: Float64Array;
}

/** Half a diagonal of a square cell, and something more for cells that are none. */
const reach = 0.75;

/**
 * Answers the source point nearest to each place. There is none farther outside of the grid than its cells reach; points of
 * one dimension have no cells, and reach everywhere.
 */
export function nearestOnCurvilinear(source: CurvilinearPoints): (places: Places) => SparseRows {
  const vectors = vectorsOf(source.latitudes, source.longitudes);
  const index = new PointIndex(vectors);
  return (places) => {
    const targets = vectorsOf(places.latitudes, places.longitudes);
    const builder = new RowsBuilder();
    for (let row = 0; row < places.latitudes.length; row++) {
      const found = index.nearest(targets, row);
      if (found >= 0 && squaredChord(vectors, found, targets, row) <= reachOf(source, vectors, found))
        builder.add(found, 1);
      builder.endRow();
    }
    return builder.finish();
  };
}

/** Bytes that what finds the nearest of so many points holds. */
export function nearestBytes(points: number): number {
  return 24 * points + PointIndex.bytes(points, false);
}

/** The square of the distance to which a point reaches: a part of that to its farthest neighbour. */
function reachOf({ shape }: CurvilinearPoints, vectors: Float64Array, point: number): number {
  if (shape.length === 1) return Number.POSITIVE_INFINITY;
  const [rows, columns] = shape;
  const [row, column] = [Math.floor(point / columns), point % columns];
  const neighbours: number[] = [];
  if (row > 0) neighbours.push(point - columns);
  if (row < rows - 1) neighbours.push(point + columns);
  if (column > 0) neighbours.push(point - 1);
  if (column < columns - 1) neighbours.push(point + 1);
  let farthest = 0;
  for (const neighbour of neighbours) {
    const squared = squaredChord(vectors, point, vectors, neighbour);
    if (squared > farthest) farthest = squared;
  }
  return reach * reach * farthest;
}
