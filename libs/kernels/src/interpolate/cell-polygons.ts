import { hearCancel } from '../hear-cancel.ts';
import { polygonOf } from './polygon.ts';
import { type Degrees, vectorsOf } from './sphere.ts';

/** Cells on the globe: the same number of corners for each, one cell after the other, in degrees. Corners may repeat. */
export interface Cells {
  corners: number;
  latitudes: Degrees;
  longitudes: Degrees;
}

/** Cells as polygons: in one array, as lists of their own take twice as much. */
export interface CellPolygons {
  count: number;
  /** Corners of a cell; none of one that is none. */
  polygon(cell: number): number[];
  /** How many corners it has. */
  size(cell: number): number;
  /** Vectors of their middles; NaN for cells that are none. */
  centres: Float64Array;
  /** Straight distances of their farthest corners from the middle. */
  radii: Float64Array;
}

export function polygonsOf({ corners, latitudes, longitudes }: Cells): CellPolygons {
  // Of each cell first its corners, then its polygon, which has no more of them.
  const vectors = vectorsOf(latitudes, longitudes);
  const count = latitudes.length / corners;
  const sizes = new Int32Array(count);
  const centres = new Float64Array(3 * count).fill(Number.NaN);
  const radii = new Float64Array(count);
  for (let cell = 0; cell < count; cell++) {
    hearCancel();
    const polygon = polygonOf(numbersIn(vectors, 3 * corners * cell, 3 * corners));
    vectors.set(polygon, 3 * corners * cell);
    sizes[cell] = polygon.length / 3;
    if (polygon.length === 0) continue;
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let i = axis; i < polygon.length; i += 3) sum += polygon[i];
      centres[3 * cell + axis] = (3 * sum) / polygon.length;
    }
    for (let i = 0; i < polygon.length; i += 3) {
      const distance = Math.hypot(
        polygon[i] - centres[3 * cell],
        polygon[i + 1] - centres[3 * cell + 1],
        polygon[i + 2] - centres[3 * cell + 2],
      );
      radii[cell] = Math.max(radii[cell], distance);
    }
  }
  const polygon = (cell: number) => numbersIn(vectors, 3 * corners * cell, 3 * sizes[cell]);
  return { count, polygon, size: (cell) => sizes[cell], centres, radii };
}

/** Bytes that so many polygons of so many corners hold. */
export function polygonBytes(cells: number, corners: number): number {
  return cells * (24 * corners + 4 + 24 + 8);
}

function numbersIn(vectors: Float64Array, start: number, count: number): number[] {
  const numbers: number[] = [];
  for (let i = start; i < start + count; i++) numbers.push(vectors[i]);
  return numbers;
}
