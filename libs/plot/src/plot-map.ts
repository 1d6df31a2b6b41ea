import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { geoPath } from 'd3-geo';
import { colourScale } from './colour/colour-scale.ts';
import { legend, legendWidth } from './colour/legend.ts';
import type { CellFinder } from './map/cell-finder.ts';
import { coastlines } from './map/coastlines.ts';
import { curvilinearCells } from './map/curvilinear-cells.ts';
import { gridLines } from './map/grid-lines.ts';
import { fitProjection, isFramed, type ProjectionName } from './map/map-projection.ts';
import { rasterPng } from './map/raster.ts';
import { rectilinearCells } from './map/rectilinear-cells.ts';
import { plainValues, valueRange } from './plain-values.ts';
import { type ImageFormat, renderDrawing } from './svg/render.ts';
import { svgDocument } from './svg/svg-document.ts';
import { round } from './svg/svg-text.ts';
import { drawTitle } from './svg/title.ts';

/** What a map shows. */
export interface MapOptions {
  /** Of shape (rows, columns): latitudes or y first, longitudes or x second. Masked and NaN values are hatched. */
  values: MaskedArray;
  /** Degrees north: one for each row, or one for each cell. In any direction. */
  latitude: MaskedArray;
  /** Degrees east: one for each column, or one for each cell. From -180, from 0, or across the date line. */
  longitude: MaskedArray;
  title: string;
  units: string;
  /** Chosen for the area if it is not said. */
  projection?: ProjectionName;
  format: ImageFormat;
  /** Pixels; 900 if it is not said. The height follows from the area. */
  width?: number;
}

const usualWidth = 900;
const smallestWidth = 300;
const largestWidth = 4000;
const margins = { left: 56, right: legendWidth + 22, top: 44, bottom: 34 };
/** Two raster points for each pixel where the drawing may be enlarged. */
const rasterResolution = { png: 1, svg: 2 };

/**
 * Draws values on a map with coastlines, grid lines and a colour scale.
 * @returns the bytes of the file
 * @throws HyperslabError INVALID_ARGUMENT when coordinates do not fit the values; NOT_COMPUTABLE for text
 */
export async function plotMap(options: MapOptions): Promise<Uint8Array> {
  const { title, units, format, width = usualWidth } = options;
  if (!(width >= smallestWidth && width <= largestWidth))
    throw invalid(`width ${width}: expected ${smallestWidth} to ${largestWidth} pixels`);
  const finder = findCells(options);
  const values = plainValues(options.values);
  const range = valueRange(values);
  const scale = colourScale(...(range ?? [0, 1]));
  const mapWidth = width - margins.left - margins.right;
  const map = fitProjection(finder.extent, mapWidth, options.projection);
  const { projection, height } = map;
  const raster = rasterPng(values, finder, scale, map, mapWidth, rasterResolution[format]);
  const image = `data:image/png;base64,${Buffer.from(raster).toString('base64')}`;
  const path = geoPath(projection).digits(2);
  const { lines, labels } = gridLines(finder.extent, map, mapWidth);
  const coast = path(await coastlines(finder.extent)) ?? '';
  const heading = drawTitle(title, margins.left, width - margins.left - 10);
  const top = margins.top + heading.height;
  const hasMissing = values.some(Number.isNaN);

  const drawing = [
    heading.svg,
    `<g transform="translate(${margins.left} ${top})">`,
    `<image width="${mapWidth}" height="${height}" preserveAspectRatio="none" image-rendering="optimizeSpeed" style="image-rendering:pixelated" xlink:href="${image}" href="${image}"/>`,
    lines,
    `<path d="${coast}" fill="none" stroke="#fff" stroke-width="1.8" stroke-opacity="0.45" stroke-linejoin="round"/>`,
    `<path d="${coast}" fill="none" stroke="#111" stroke-width="0.8" stroke-linejoin="round"/>`,
    `<path d="${path({ type: 'Sphere' }) ?? ''}" fill="none" stroke="#222"/>`,
    isFramed(map.name) ? `<rect width="${mapWidth}" height="${height}" fill="none" stroke="#222"/>` : '',
    labels,
    '</g>',
    legend(scale, range ? units : 'all values are missing', hasMissing, {
      x: round(width - legendWidth - 6),
      y: top,
      height: Math.max(120, height),
    }),
  ];
  const totalHeight = top + Math.max(120, height) + margins.bottom;
  return renderDrawing(svgDocument(width, totalHeight, drawing), format);
}

function findCells({ values, latitude, longitude }: MapOptions): CellFinder {
  const [rows, columns] = values.shape;
  if (values.shape.length !== 2 || rows === 0 || columns === 0)
    throw invalid(`values of shape [${values.shape}]: expected two dimensions that are not empty`);
  const [latitudes, longitudes] = [plainValues(latitude), plainValues(longitude)];
  if (latitude.shape.length === 1 && longitude.shape.length === 1) {
    if (latitudes.length !== rows || longitudes.length !== columns)
      throw invalid(
        `${latitudes.length} latitudes and ${longitudes.length} longitudes for values of shape [${rows}, ${columns}]`,
      );
    if (latitudes.some(Number.isNaN) || longitudes.some(Number.isNaN))
      throw invalid('a latitude or longitude is missing; expected one for each row and column');
    return rectilinearCells(latitudes, longitudes);
  }
  if (latitudes.length !== rows * columns || longitudes.length !== rows * columns)
    throw invalid(
      `latitudes of shape [${latitude.shape}] and longitudes of shape [${longitude.shape}] for values of shape [${rows}, ${columns}]`,
    );
  return curvilinearCells(latitudes, longitudes, [rows, columns]);
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `plot: ${message}`);
}
