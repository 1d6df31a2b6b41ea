import type { GridPart, PartAxis } from '@hyperslab/codecs';

/** The points of a grid in parts, each a chunk. */
export interface GridTiles {
  /** Extents of a part; those at the far edges are cut. */
  chunkShape: number[];
  /** In row-major order of the chunks. */
  parts: GridPart[];
}

// Four MiB of doubles, as chunks are elsewhere. Coordinates along two sides describe the points between.
const tile = { rows: 512, columns: 1024 };

/** Points of parts of one dimension. */
const partLength = tile.rows * tile.columns;

/** Grids of so many points are one part: their places are in the index. */
const wholePoints = 16 * 1024;

/** Tiles of points at all pairs of coordinates, rows of y. `make` describes those of a part of both axes. */
export function tilesOfAxes(
  y: PartAxis,
  x: PartAxis,
  make: (y: PartAxis, x: PartAxis) => GridPart,
): GridTiles {
  const [rows, columns] = [extentOf(y), extentOf(x)];
  const isWhole = rows * columns <= wholePoints;
  const chunkShape = isWhole ? [rows, columns] : [Math.min(rows, tile.rows), Math.min(columns, tile.columns)];
  const parts: GridPart[] = [];
  for (let j = 0; j < rows; j += chunkShape[0]) {
    const some = axisPart(y, j, chunkShape[0]);
    for (let i = 0; i < columns; i += chunkShape[1]) parts.push(make(some, axisPart(x, i, chunkShape[1])));
  }
  return { chunkShape, parts };
}

function extentOf(axis: PartAxis): number {
  return 'count' in axis ? axis.count : axis.length;
}

/** Coordinates from one on, `count` or as many as there are. */
function axisPart(axis: PartAxis, from: number, count: number): PartAxis {
  if (!('count' in axis)) return axis.slice(from, from + count);
  return { ...axis, from: axis.from + from, count: Math.min(count, axis.count - from) };
}

/** What rows of points share, as `RowsPart` of the codecs has it. */
interface Rows {
  latitudes: ArrayLike<number>;
  counts: readonly number[];
  first: number;
  way: number;
  closed: boolean;
}

/** Parts of the points of rows, one row after another. */
export function tilesOfRows({ latitudes, counts, ...shared }: Rows): GridTiles {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts: GridPart[] = [];
  let [row, skip] = [0, 0];
  for (let at = 0; at < total; at += partLength) {
    const points = Math.min(partLength, total - at);
    const firstRow = row;
    const firstSkip = skip;
    let left = points;
    while (left > 0) {
      const rest = counts[row] - skip;
      if (rest > left) {
        skip += left;
        left = 0;
      } else {
        left -= rest;
        row++;
        skip = 0;
      }
    }
    const end = skip > 0 ? row + 1 : row;
    parts.push({
      ...{ kind: 'rows', skip: firstSkip, points, ...shared },
      latitudes: Array.from({ length: end - firstRow }, (_, i) => latitudes[firstRow + i]),
      counts: counts.slice(firstRow, end),
    });
  }
  return { chunkShape: [Math.min(total, partLength)], parts };
}

/** Parts of the pixels of HEALPix. */
export function tilesOfHealpix(side: number, nested: boolean): GridTiles {
  const total = 12 * side * side;
  const parts: GridPart[] = [];
  for (let first = 0; first < total; first += partLength) {
    parts.push({ kind: 'healpix', side, nested, first, points: Math.min(partLength, total - first) });
  }
  return { chunkShape: [Math.min(total, partLength)], parts };
}
