import { encode } from 'fast-png';
import type { ColourScale } from '../colour/colour-scale.ts';
import { missingColours, missingStep } from '../colour/legend.ts';
import type { CellFinder } from './cell-finder.ts';
import type { FittedMap } from './map-projection.ts';

/** Values of cells; NaN where missing. */
export type CellValues = Float64Array;

/** A place that is projected back further off than this, in pixels, is none: the pixel lies beside the globe. */
const tolerance = 0.5;

/**
 * The map's pixels: each is taken back to its place on the globe and has the colour of the cell there, so that cells are
 * seen as they are. Missing values are hatched; pixels outside the grid are clear.
 * @param resolution pixels of the raster for each of the map
 */
export function rasterPng(
  values: CellValues,
  finder: CellFinder,
  scale: ColourScale,
  { projection, height }: FittedMap,
  width: number,
  resolution: number,
): Uint8Array {
  const columns = Math.round(width * resolution);
  const rows = Math.round(height * resolution);
  const pixels = new Uint8Array(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const y = (row + 0.5) / resolution;
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) / resolution;
      const place = projection.invert!([x, y]);
      if (!place || !isOnMap(place, x, y)) continue;
      const cell = finder.cellAt(place[0], place[1]);
      if (cell < 0) continue;
      const value = values[cell];
      const colour = Number.isNaN(value) ? hatching(x, y) : scale.colourOf(value);
      const at = 4 * (row * columns + column);
      pixels[at] = colour >> 16;
      pixels[at + 1] = (colour >> 8) & 0xff;
      pixels[at + 2] = colour & 0xff;
      pixels[at + 3] = 255;
    }
  }
  return encode({ width: columns, height: rows, data: pixels, channels: 4, depth: 8 });

  function isOnMap(place: [number, number], x: number, y: number): boolean {
    const [longitude, latitude] = place;
    if (!(Math.abs(latitude) <= 90)) return false;
    const back = projection([longitude, latitude]);
    return back !== null && Math.abs(back[0] - x) < tolerance && Math.abs(back[1] - y) < tolerance;
  }
}

function hatching(x: number, y: number): number {
  return (Math.floor(x) + Math.floor(y)) % missingStep === 0 ? missingColours.dark : missingColours.light;
}
