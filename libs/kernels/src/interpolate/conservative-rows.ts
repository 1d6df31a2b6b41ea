import { PointIndex } from './point-index.ts';
import { clipPolygon, polygonArea, polygonOf } from './polygon.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';
import { vectorsOf } from './sphere.ts';

/** Cells on the globe: the same number of corners for each, one cell after the other, in degrees. Corners may repeat. */
export interface Cells {
  corners: number;
  latitudes: Float64Array;
  longitudes: Float64Array;
}

/** Parts of a cell that are but rounding where two cells touch. */
const negligible = 1e-14;

interface Polygons {
  polygons: number[][];
  /** Vectors of their middles; NaN for cells that are none. */
  centres: Float64Array;
  /** Straight distances of their farthest corners from the middle. */
  radii: Float64Array;
}

/**
 * Answers the part of each target cell's area that source cells cover (first-order conservative, edges along great circles).
 * Target cells are convex.
 */
export function conservativeRows(source: Cells): (targets: Cells) => SparseRows {
  const cells = polygonsOf(source);
  const index = new PointIndex(cells.centres, cells.radii);
  return (targets) => {
    const wanted = polygonsOf(targets);
    const builder = new RowsBuilder();
    wanted.polygons.forEach((target, row) => {
      const area = polygonArea(target);
      const near = target.length === 0 ? [] : index.within(wanted.centres, row, wanted.radii[row]);
      const parts = near
        .map((cell) => [cell, polygonArea(clipPolygon(cells.polygons[cell], target)) / area] as const)
        .filter(([, part]) => part > negligible);
      // Ocean grids have cells twice, where their ends and their fold meet.
      const covered = Math.max(
        1,
        parts.reduce((sum, [, part]) => sum + part, 0),
      );
      for (const [cell, part] of parts) builder.add(cell, part / covered);
      builder.endRow();
    });
    return builder.finish();
  };
}

function polygonsOf({ corners, latitudes, longitudes }: Cells): Polygons {
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
