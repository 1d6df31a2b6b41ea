import type { CellFinder } from './cell-finder.ts';
import { unwrapLongitudes, wrapFrom } from './longitudes.ts';

/**
 * Cells of a grid with one-dimensional coordinates, in any direction. A cell reaches halfway to its neighbours; latitudes
 * end at the poles and longitudes after a turn.
 */
export function rectilinearCells(latitudes: ArrayLike<number>, longitudes: ArrayLike<number>): CellFinder {
  const rows = axisOf(latitudes);
  const columns = axisOf(unwrapLongitudes(longitudes));
  const clip = (latitude: number) => Math.max(-90, Math.min(90, latitude));
  const [west, columnEnd] = [columns.edges[0], columns.edges[columns.edges.length - 1]];
  const extent = {
    west,
    east: Math.min(columnEnd, west + 360),
    south: clip(rows.edges[0]),
    north: clip(rows.edges[rows.edges.length - 1]),
  };
  return {
    extent,
    cellAt(longitude, latitude) {
      const row = rows.find(latitude);
      const column = columns.find(wrapFrom(longitude, west));
      return row < 0 || column < 0 ? -1 : row * longitudes.length + column;
    },
  };
}

/** Edges of the cells of an axis, ascending, and which cell a place falls into; -1 for none. */
function axisOf(centres: ArrayLike<number>): { edges: Float64Array; find: (place: number) => number } {
  const count = centres.length;
  const isDescending = count > 1 && centres[count - 1] < centres[0];
  const at = (i: number) => centres[isDescending ? count - 1 - i : i];
  const edges = new Float64Array(count + 1);
  for (let i = 1; i < count; i++) edges[i] = (at(i - 1) + at(i)) / 2;
  // A single cell is a degree wide: it has to have some width to be seen.
  edges[0] = count > 1 ? at(0) - (at(1) - at(0)) / 2 : at(0) - 0.5;
  edges[count] = count > 1 ? at(count - 1) + (at(count - 1) - at(count - 2)) / 2 : at(0) + 0.5;
  return {
    edges,
    find(place) {
      if (!(place >= edges[0] && place <= edges[count])) return -1;
      let low = 0;
      let high = count - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (edges[middle] <= place) low = middle;
        else high = middle - 1;
      }
      return isDescending ? count - 1 - low : low;
    },
  };
}
