import {
  type AreaExtent,
  type CellFinder,
  curvilinearCells,
  type FittedMap,
  fitProjection,
  locatePixels,
  type MapPixels,
  rectilinearCells,
} from '@hyperslab/plot/drawing';
import type { GridHead } from '../../../src/explore/messages.ts';
import type { Frame } from '../api.ts';

/** Where the cells of a picture are on the screen. */
export interface Plane {
  width: number;
  height: number;
  pixels: MapPixels;
  /** The map under it; absent for a picture of indices. */
  map?: FittedMap & { extent: AreaExtent };
  /** The middle of a cell on the screen; undefined where it is not seen. */
  middleOf(cell: number): [x: number, y: number] | undefined;
}

/** Finds the cells of a grid; undefined for one that lies nowhere on the globe. Takes a while for many cells of two dimensions. */
export function findCells({ head, bits }: Frame<GridHead>): GridCells | undefined {
  const degrees = new Float32Array(bits.buffer, bits.byteOffset, bits.length);
  const { rows, columns } = head;
  if (head.kind === 'rectilinear') {
    const [latitudes, longitudes] = [degrees.subarray(0, rows), degrees.subarray(rows)];
    const placeOf = (cell: number): [number, number] => [
      longitudes[cell % columns],
      latitudes[Math.floor(cell / columns)],
    ];
    return { finder: rectilinearCells(latitudes, longitudes), placeOf };
  }
  if (head.kind === 'index') return undefined;
  const half = rows * columns;
  const [latitudes, longitudes] = [degrees.subarray(0, half), degrees.subarray(half)];
  return {
    finder: curvilinearCells(latitudes, longitudes, [rows, columns]),
    placeOf: (cell) => [longitudes[cell], latitudes[cell]],
  };
}

/** Cells that lie on the globe. */
export interface GridCells {
  finder: CellFinder;
  /** Longitude and latitude of the middle of a cell. */
  placeOf(cell: number): [number, number];
}

/** A picture is no higher than this, so that the sliders above and the legend below are seen with it. */
const highest = 540;

/** A map of the cells, as wide as there is room, or as high. */
export function mapPlane({ finder, placeOf }: GridCells, room: number): Plane {
  const wide = fitProjection(finder.extent, room);
  const width = Math.round(room * Math.min(1, highest / wide.height));
  const map = width === room ? wide : fitProjection(finder.extent, width);
  return {
    width,
    height: map.height,
    pixels: locatePixels(finder, map, width, 1),
    map: { ...map, extent: finder.extent },
    middleOf(cell) {
      const at = map.projection(placeOf(cell));
      return at?.every(Number.isFinite) ? at : undefined;
    },
  };
}

const flattest = 0.2;
const tallest = 0.8;

/**
 * Cells in rows and columns as their indices are.
 * @param isUpwards the first row is at the bottom
 */
export function indexPlane(rows: number, columns: number, room: number, isUpwards: boolean): Plane {
  const shape = Math.max(flattest, Math.min(tallest, rows / columns));
  const width = Math.round(Math.min(room, highest / shape));
  const height = Math.round(width * shape);
  const cells = new Int32Array(width * height);
  const turned = (row: number) => (isUpwards ? rows - 1 - row : row);
  for (let y = 0; y < height; y++) {
    const row = turned(Math.floor(((y + 0.5) / height) * rows));
    for (let x = 0; x < width; x++)
      cells[y * width + x] = row * columns + Math.floor(((x + 0.5) / width) * columns);
  }
  return {
    width,
    height,
    pixels: { columns: width, rows: height, resolution: 1, cells },
    middleOf(cell) {
      const [row, column] = [turned(Math.floor(cell / columns)), cell % columns];
      return [((column + 0.5) / columns) * width, ((row + 0.5) / rows) * height];
    },
  };
}
