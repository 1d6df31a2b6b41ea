import { polygonOf } from './polygon.ts';
import { vectorsOf } from './sphere.ts';

/** Cells on the globe: the same number of corners for each, one cell after the other, in degrees. Corners may repeat. */
export interface Cells {
  corners: number;
  latitudes: Float64Array;
  longitudes: Float64Array;
}

/** Cells as polygons, those that are none without corners. */
export interface CellPolygons {
  polygons: number[][];
  /** Vectors of their middles; NaN for cells that are none. */
  centres: Float64Array;
  /** Straight distances of their farthest corners from the middle. */
  radii: Float64Array;
}

export function polygonsOf({ corners, latitudes, longitudes }: Cells): CellPolygons {
  const vectors = vectorsOf(latitudes, longitudes);
  const count = latitudes.length / corners;
  const centres = new Float64Array(3 * count).fill(Number.NaN);
  const radii = new Float64Array(count);
  const polygons: number[][] = [];
  for (let cell = 0; cell < count; cell++) {
    const polygon = polygonOf([...vectors.subarray(3 * corners * cell, 3 * corners * (cell + 1))]);
    polygons.push(polygon);
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
  return { polygons, centres, radii };
}
