import type { Axis } from './axis.ts';
import { axisOverlaps, timesCovered } from './axis-overlaps.ts';
import { edgeNeighbours } from './cell-neighbours.ts';
import { type Cells, polygonsOf } from './cell-polygons.ts';
import { gradientRows } from './gradient-rows.ts';
import {
  type Piece,
  preparedBytes,
  rowsOfPieces,
  type SecondOrderRows,
  secondOrderSourceBytes,
} from './second-order-rows.ts';

/** Latitudes of rows and longitudes of columns, in degrees. */
export interface GridAxes {
  latitude: Axis;
  longitude: Axis;
}

/** Integrals along a stretch of an axis that sums over a part of the sphere are products of. */
type Integrals = [number, number, number];

const radians = Math.PI / 180;

/**
 * Answers the rows of target cells between parallels and meridians, row by row: of source cells that are such too, whose areas are
 * then exact. `cells` are those of the source, and say who is whose neighbour.
 */
export function secondOrderBetweenAxes(
  source: GridAxes,
  cells: Cells,
): (target: GridAxes) => SecondOrderRows {
  const centroids = centroidsOf(source);
  const gradients = gradientRows(centroids, edgeNeighbours(polygonsOf(cells)));
  return (target) =>
    rowsOfPieces({ centroids, gradients }, pieces(source, target, source.longitude.points.length));
}

/** Bytes of so many such source cells, beside their degrees: at most, while neighbours are found, and once they are prepared, without polygons. */
export function secondOrderAxesBytes(cells: number): { most: number; kept: number } {
  return { most: secondOrderSourceBytes(cells, 4).most, kept: preparedBytes(cells, 4) };
}

function* pieces(source: GridAxes, target: GridAxes, columns: number): Iterable<Piece[]> {
  const easts = [...axisOverlaps(source.longitude, target.longitude)];
  for (const north of axisOverlaps(source.latitude, target.latitude)) {
    for (const east of easts) {
      const once = alongMeridian(north.low, north.high)[0] * alongParallel(east.low, east.high)[0];
      const width = east.high - east.low;
      const area = once * timesCovered(east.overlaps.map(({ from, to }) => (to - from) / width));
      yield north.overlaps.flatMap((row) => {
        const up = alongMeridian(row.from, row.to);
        return east.overlaps.map((column): Piece => {
          const across = alongParallel(column.from, column.to);
          const [x, y, z] = momentOf(up, across);
          return {
            cell: row.cell * columns + column.cell,
            part: (up[0] * across[0]) / area,
            moment: [x / area, y / area, z / area],
          };
        });
      });
    }
  }
}

function centroidsOf({ latitude, longitude }: GridAxes): Float64Array {
  const integrals = ({ bounds }: Axis, along: (from: number, to: number) => Integrals) =>
    Array.from({ length: bounds.length / 2 }, (_, i) => {
      const [a, b] = [bounds[2 * i], bounds[2 * i + 1]];
      return along(Math.min(a, b), Math.max(a, b));
    });
  const [rows, columns] = [integrals(latitude, alongMeridian), integrals(longitude, alongParallel)];
  const centroids = new Float64Array(3 * rows.length * columns.length);
  let at = 0;
  for (const up of rows) {
    for (const across of columns) {
      for (const sum of momentOf(up, across)) centroids[at++] = sum / (up[0] * across[0]);
    }
  }
  return centroids;
}

/** The sum of vectors over the area between two latitudes and two longitudes. */
function momentOf(up: Integrals, across: Integrals): [number, number, number] {
  return [up[1] * across[1], up[1] * across[2], up[2] * across[0]];
}

/** Of the cosine of latitudes, its square, and its product with the sine. */
function alongMeridian(from: number, to: number): Integrals {
  const [a, b] = [from * radians, to * radians];
  const [below, above] = [Math.sin(a), Math.sin(b)];
  return [
    above - below,
    (b - a + above * Math.cos(b) - below * Math.cos(a)) / 2,
    (above * above - below * below) / 2,
  ];
}

/** Of 1, the cosine and the sine of longitudes. */
function alongParallel(from: number, to: number): Integrals {
  const [a, b] = [from * radians, to * radians];
  return [b - a, Math.sin(b) - Math.sin(a), Math.cos(a) - Math.cos(b)];
}
