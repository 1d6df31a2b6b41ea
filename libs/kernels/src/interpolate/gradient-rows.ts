import { hearCancel } from '../hear-cancel.ts';
import type { Neighbours } from './cell-neighbours.ts';
import type { SparseRows } from './sparse-rows.ts';
import { tangentsAt } from './sphere.ts';

/** Two rows of the same entries for each cell: the gradient along its two tangents, of its own value and those of its neighbours. */
export type GradientRows = readonly [SparseRows, SparseRows];

/** Neighbours as good as in one line have no gradient across it. */
const collinear = 1e-6;

/**
 * Gradients of cells on a sphere of radius 1: the plane that fits the means of neighbours best through the own, by least squares of
 * slopes (weights of one over the squared distance), at the cells' centres of mass. A cell whose neighbours tell no plane has none.
 */
export function gradientRows(centroids: Float64Array, neighbours: Neighbours): GradientRows {
  const cells = centroids.length / 3;
  const most = neighbours.indices.length + cells;
  const offsets = new Int32Array(cells + 1);
  const indices = new Int32Array(most);
  const weights = [new Float64Array(most), new Float64Array(most)];
  let entry = 0;
  for (let cell = 0; cell < cells; cell++) {
    hearCancel();
    const others = neighbours.indices.subarray(neighbours.offsets[cell], neighbours.offsets[cell + 1]);
    const slopes = fitOf(centroids, cell, others);
    if (slopes !== undefined) {
      const own = [0, 0];
      slopes.forEach((slope, i) => {
        indices[entry] = others[i];
        for (const along of [0, 1]) {
          weights[along][entry] = slope[along];
          own[along] -= slope[along];
        }
        entry++;
      });
      indices[entry] = cell;
      for (const along of [0, 1]) weights[along][entry] = own[along];
      entry++;
    }
    offsets[cell + 1] = entry;
  }
  // As parts of what is there for neighbours of all: nearly all cells have a gradient, and copies would be held beside it.
  const rowsOf = (along: Float64Array): SparseRows => ({
    offsets,
    indices: indices.subarray(0, entry),
    weights: along.subarray(0, entry),
  });
  return [rowsOf(weights[0]), rowsOf(weights[1])];
}

/** Bytes of the gradients of so many cells with an edge for each corner. */
export function gradientBytes(cells: number, corners: number): number {
  return (cells + 1) * 4 + cells * (corners + 1) * (4 + 2 * 8);
}

/** The directions that gradients of a cell are along. */
export function tangentsOf(centroids: Float64Array, cell: number) {
  const [x, y, z] = centroids.subarray(3 * cell, 3 * cell + 3);
  const length = Math.hypot(x, y, z);
  return tangentsAt(x / length, y / length, z / length);
}

/** What the difference of each neighbour counts for in the gradient, along both tangents; undefined where there is none. */
function fitOf(centroids: Float64Array, cell: number, others: Int32Array): [number, number][] | undefined {
  const centre = centroids.subarray(3 * cell, 3 * cell + 3);
  const tangents = tangentsOf(centroids, cell);
  let [xx, xy, yy] = [0, 0, 0];
  const places = Array.from(others, (other) => {
    const [x, y] = tangents.map(([a, b, c]) => {
      const from = 3 * other;
      return (
        a * (centroids[from] - centre[0]) +
        b * (centroids[from + 1] - centre[1]) +
        c * (centroids[from + 2] - centre[2])
      );
    });
    const squared = x * x + y * y;
    // A cell that is there twice is no neighbour of itself.
    const weight = squared > 1e-20 ? 1 / squared : 0;
    xx += weight * x * x;
    xy += weight * x * y;
    yy += weight * y * y;
    return { x: weight * x, y: weight * y };
  });
  const determinant = xx * yy - xy * xy;
  if (!(determinant > collinear * (xx + yy) ** 2)) return undefined;
  return places.map(({ x, y }) => [(yy * x - xy * y) / determinant, (xx * y - xy * x) / determinant]);
}
