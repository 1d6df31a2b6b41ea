/** What a page in a browser draws with: the same colours, cells and grid lines, without files and fonts. */
export { numberLabels } from './axis/number-label.ts';
export { type ColourScale, colourScale, cssColour } from './colour/colour-scale.ts';
export { missingColours, missingStep } from './colour/missing.ts';
export type { CellFinder } from './map/cell-finder.ts';
export { curvilinearCells } from './map/curvilinear-cells.ts';
export type { AreaExtent } from './map/extent.ts';
export { gridLines } from './map/grid-lines.ts';
export { type FittedMap, fitProjection, isFramed } from './map/map-projection.ts';
export { locatePixels, type MapPixels, paintPixels } from './map/paint-cells.ts';
export { rectilinearCells } from './map/rectilinear-cells.ts';
