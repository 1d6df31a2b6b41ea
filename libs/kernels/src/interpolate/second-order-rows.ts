import { hearCancel } from '../hear-cancel.ts';
import { edgeNeighbours, neighbourBytes } from './cell-neighbours.ts';
import { cellOverlaps, overlapBytes } from './cell-overlaps.ts';
import { type Cells, polygonBytes, polygonsOf } from './cell-polygons.ts';
import { type GradientRows, gradientBytes, gradientRows, tangentsOf } from './gradient-rows.ts';
import { polygonArea, polygonMoment } from './polygon.ts';
import { rowsBytes, type SparseRows } from './sparse-rows.ts';

/**
 * Second-order conservative: each source cell is a plane through its mean at its centre of mass, as steep as its neighbours say
 * (Jones 1999, Kritsikis et al. 2017); what a target has of a cell counts with the plane's value at its own centre of mass.
 */
export interface SecondOrderRows {
  /** Parts of areas, as those of first order. */
  areas: SparseRows;
  /** With the same entries, how far each part's centre is from that of its cell along its two tangents, times the part. */
  offCentre: readonly [SparseRows, SparseRows];
  gradients: GradientRows;
}

/** Cells of a source, prepared. */
export interface SourceCells {
  /** Vectors of the centres of mass, within the sphere; NaN for cells that are none. */
  centroids: Float64Array;
  gradients: GradientRows;
}

/** What a target has of a cell: a part of its area, and the sum of vectors over that, as a part of the same. */
export interface Piece {
  cell: number;
  part: number;
  moment: readonly [number, number, number];
}

const centroidBytes = 3 * 8;

/** Answers the rows of target cells, of cells whose edges are great circles. Target cells are convex. */
export function secondOrderRows(source: Cells): (targets: Cells) => SecondOrderRows {
  const polygons = polygonsOf(source);
  const centroids = new Float64Array(3 * polygons.count);
  for (let cell = 0; cell < polygons.count; cell++) {
    const polygon = polygons.polygon(cell);
    const area = polygonArea(polygon);
    polygonMoment(polygon).forEach((sum, axis) => {
      centroids[3 * cell + axis] = sum / area;
    });
  }
  const prepared = { centroids, gradients: gradientRows(centroids, edgeNeighbours(polygons)) };
  const overlaps = cellOverlaps(polygons);
  function* pieces(targets: Cells): Iterable<Piece[]> {
    for (const each of overlaps(targets))
      yield each.map(({ cell, part, polygon, area }) => {
        const [x, y, z] = polygonMoment(polygon);
        return { cell, part, moment: [x / area, y / area, z / area] };
      });
  }
  return (targets) => rowsOfPieces(prepared, pieces(targets));
}

/**
 * Bytes of so many source cells of so many corners, beside their degrees: at most, while neighbours are found, whose edges take more than
 * the gradients and the index that come after them; and once they are prepared.
 */
export function secondOrderSourceBytes(cells: number, corners: number): { most: number; kept: number } {
  return {
    most: polygonBytes(cells, corners) + centroidBytes * cells + neighbourBytes(cells, corners),
    kept: overlapBytes(cells, corners) + preparedBytes(cells, corners),
  };
}

/** Bytes of so many cells' centres of mass and gradients. */
export function preparedBytes(cells: number, corners: number): number {
  return centroidBytes * cells + gradientBytes(cells, corners);
}

/** Rows of what each target cell has of source cells. */
export function rowsOfPieces(
  { centroids, gradients }: SourceCells,
  targets: Iterable<readonly Piece[]>,
): SecondOrderRows {
  const offsets = [0];
  const indices: number[] = [];
  const parts: number[] = [];
  const offCentre: [number[], number[]] = [[], []];
  for (const pieces of targets) {
    hearCancel();
    for (const { cell, part, moment } of pieces) {
      indices.push(cell);
      parts.push(part);
      const [x, y, z] = moment.map((sum, axis) => sum - part * centroids[3 * cell + axis]);
      tangentsOf(centroids, cell).forEach(([a, b, c], along) => {
        offCentre[along].push(a * x + b * y + c * z);
      });
    }
    offsets.push(indices.length);
  }
  const entries = { offsets: Int32Array.from(offsets), indices: Int32Array.from(indices) };
  const rowsOf = (weights: readonly number[]) => ({ ...entries, weights: Float64Array.from(weights) });
  return { areas: rowsOf(parts), offCentre: [rowsOf(offCentre[0]), rowsOf(offCentre[1])], gradients };
}

/** Bytes that rows take in memory. */
export function secondOrderBytes({ areas, offCentre, gradients }: SecondOrderRows): number {
  return [areas, ...offCentre, ...gradients].reduce((sum, rows) => sum + rowsBytes(rows), 0);
}
