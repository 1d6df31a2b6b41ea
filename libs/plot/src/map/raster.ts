import { encode } from 'fast-png';
import type { ColourScale } from '../colour/colour-scale.ts';
import type { CellFinder } from './cell-finder.ts';
import type { FittedMap } from './map-projection.ts';
import { locatePixels, paintPixels } from './paint-cells.ts';

/** Values of cells; NaN where missing. */
export type CellValues = Float64Array;

/**
 * The map's pixels as a PNG.
 * @param resolution pixels of the raster for each of the map
 */
export function rasterPng(
  values: CellValues,
  finder: CellFinder,
  scale: ColourScale,
  map: FittedMap,
  width: number,
  resolution: number,
): Uint8Array {
  const pixels = locatePixels(finder, map, width, resolution);
  const data = paintPixels(pixels, values, scale);
  return encode({ width: pixels.columns, height: pixels.rows, data, channels: 4, depth: 8 });
}
