export { type ProjectionName, projectionNames } from './map/map-projection.ts';
export { type LineOptions, plotLine } from './plot-line.ts';
export { type MapOptions, plotMap } from './plot-map.ts';
export type { ImageFormat } from './svg/render.ts';
