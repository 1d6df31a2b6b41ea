import type { ColourScale } from '../colour/colour-scale.ts';
import { missingColours, missingStep } from '../colour/missing.ts';
import type { CellFinder } from './cell-finder.ts';
import type { FittedMap } from './map-projection.ts';

/** The pixels of a map, and the cell of a grid that each shows. */
export interface MapPixels {
  columns: number;
  rows: number;
  /** Pixels for each of the map's, in both directions. */
  resolution: number;
  /** Number of the cell in each pixel; -1 outside the grid and beside the globe. */
  cells: Int32Array;
}

/** A place that is projected back further off than this, in pixels, is none: the pixel lies beside the globe. */
const tolerance = 0.5;

/** Takes each pixel of a map back to its place on the globe, and that to the cell of the grid there. */
export function locatePixels(
  finder: CellFinder,
  { projection, height }: FittedMap,
  width: number,
  resolution: number,
): MapPixels {
  const columns = Math.round(width * resolution);
  const rows = Math.round(height * resolution);
  const cells = new Int32Array(columns * rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    const y = (row + 0.5) / resolution;
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) / resolution;
      const place = projection.invert!([x, y]);
      if (place && isOnMap(place, x, y)) cells[row * columns + column] = finder.cellAt(place[0], place[1]);
    }
  }
  return { columns, rows, resolution, cells };

  function isOnMap(place: [number, number], x: number, y: number): boolean {
    const [longitude, latitude] = place;
    if (!(Math.abs(latitude) <= 90)) return false;
    const back = projection([longitude, latitude]);
    return back !== null && Math.abs(back[0] - x) < tolerance && Math.abs(back[1] - y) < tolerance;
  }
}

/**
 * Red, green, blue and opacity of each pixel: the colour of its cell, so that cells are seen as they are. Missing values
 * (NaN) are hatched; pixels outside the grid are clear.
 */
export function paintPixels(
  { columns, rows, resolution, cells }: MapPixels,
  values: ArrayLike<number>,
  scale: ColourScale,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(columns * rows * 4);
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at];
    if (cell < 0) continue;
    const value = values[cell];
    const colour = Number.isNaN(value)
      ? hatching((at % columns) / resolution, at / columns / resolution)
      : scale.colourOf(value);
    pixels[4 * at] = colour >> 16;
    pixels[4 * at + 1] = (colour >> 8) & 0xff;
    pixels[4 * at + 2] = colour & 0xff;
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}

function hatching(x: number, y: number): number {
  return (Math.floor(x) + Math.floor(y)) % missingStep === 0 ? missingColours.dark : missingColours.light;
}
