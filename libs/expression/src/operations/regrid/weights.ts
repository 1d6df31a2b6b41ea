import type { MaskedArray } from '@hyperslab/array';
import { placeOnGrid } from '@hyperslab/cube';
import {
  bilinearOnCurvilinear,
  type Cells,
  conservativeRows,
  linearRows,
  nearestOnCurvilinear,
  nearestRows,
  type Places,
  partOfRows,
  rowCount,
  rowsBytes,
  type SparseRows,
  sourceSpan,
  zipRows,
} from '@hyperslab/kernels';
import type { Box } from '../../task/box.ts';
import { axisOf, axisRows } from '../interpolate/axis-parameters.ts';
import { type AxesGrid, extentsOf, type FieldsGrid, type RegridParameters } from './parameters.ts';
import { cellsIn, fieldPlaces, placesIn } from './places.ts';
import { keptRows } from './row-cache.ts';
import { type Span, spansOfBox, spansOfCells } from './source-span.ts';
import { coordinatesKey, textOf } from './weights-key.ts';

/** What a box of targets is made of. */
export interface RegridWeights {
  /** For each interpolated dimension of the input, in the order in which `rows` go over them: the part that is needed. */
  spans: (Span & { dimension: string })[];
  /** A row for each target, over the elements of these parts. */
  rows: SparseRows;
}

/** Rows over the elements of one or two dimensions. */
interface Factor {
  dimensions: readonly string[];
  extents: readonly number[];
  rows: SparseRows;
  /** The part of each dimension that rows go over; absent when it is all. */
  part?: readonly Span[];
}

/** More targets than these are not looked at to find what they need: all of the source is. */
const mostLookedAt = 2 ** 17;

/** Whether what a box of targets needs can be told before coordinates are read, without much work. */
function isForeseeable({ source, target, method }: RegridParameters, targets: number): boolean {
  if (source?.grid.kind === 'fields' || target.grid?.kind === 'fields') return false;
  return method === 'conservative' || targets <= mostLookedAt;
}

/** What a box of targets needs of the interpolated dimensions, by name; nothing is said of one that is needed whole. */
export function spansNeeded(parameters: RegridParameters, box: Box): Map<string, Span> {
  const { source, target, method } = parameters;
  const targets = box.shape.reduce((product, extent) => product * extent, 1);
  if (!isForeseeable(parameters, targets)) return new Map();
  if (method !== 'conservative')
    return new Map(weightsOf(parameters, box, []).spans.map((span) => [span.dimension, span]));
  const spans = spansOfBox(source!.grid as AxesGrid, target.grid as AxesGrid, box);
  return new Map(spans.map((span, i) => [source!.dimensions[i], span]));
}

/** The weights of a box of the target dimensions. `parts` are the node's inputs; those of coordinates count. */
export function weightsOf(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
): RegridWeights {
  const coordinates = coordinatesKey(parts);
  const key = `${textOf(parameters)} ${box.origin}+${box.shape} ${coordinates}`;
  return keptRows(key, () => {
    const value = makeWeights(parameters, box, parts, coordinates);
    return { value, bytes: rowsBytes(value.rows) + key.length };
  });
}

function makeWeights(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
  coordinates: string,
): RegridWeights {
  const factors = [
    ...parameters.along.map((each): Factor => {
      const rows = partOfRows(axisRows(each), box.origin[0], box.shape[0], 0);
      return { dimensions: [each.dimension], extents: [each.source.points.length], rows };
    }),
    ...placeFactors(parameters, box, parts, coordinates),
  ];
  const cuts = isForeseeable(parameters, rowCount(factors[0].rows));
  const needed = factors.map((factor) => (cuts ? cutToNeeded(factor) : wholeOf(factor)));
  const rows = needed.reduce<SparseRows | undefined>(
    (before, { rows: own, extent }) => (before === undefined ? own : zipRows(before, own, extent)),
    undefined,
  );
  return { spans: needed.flatMap(({ spans }) => spans), rows: rows! };
}

function cutToNeeded({ dimensions, rows, part }: Factor) {
  if (part !== undefined) return partOf(dimensions, part, rows);
  const { start, count } = sourceSpan(rows, 0, rowCount(rows));
  const span = { start, count: Math.max(1, count) };
  return partOf(dimensions, [span], partOfRows(rows, 0, rowCount(rows), start));
}

function wholeOf({ dimensions, extents, rows, part }: Factor) {
  const whole = extents.map((count) => ({ start: 0, count }));
  if (part === undefined) return partOf(dimensions, whole, rows);
  const [rowSpan, columnSpan] = part;
  const indices = rows.indices.map((index) => {
    const row = rowSpan.start + Math.floor(index / columnSpan.count);
    return row * extents[1] + columnSpan.start + (index % columnSpan.count);
  });
  return partOf(dimensions, whole, { ...rows, indices });
}

function partOf(dimensions: readonly string[], part: readonly Span[], rows: SparseRows) {
  return {
    spans: part.map((span, i) => ({ dimension: dimensions[i], ...span })),
    rows,
    extent: part.reduce((product, { count }) => product * count, 1),
  };
}

/** The part of a source that target cells may touch; undefined for all. */
function partWithin(
  source: AxesGrid | FieldsGrid,
  target: AxesGrid | FieldsGrid,
  box: Box,
  cells: Cells,
): readonly Span[] | undefined {
  if (source.kind === 'fields') return undefined;
  return target.kind === 'axes' ? spansOfBox(source, target, box) : spansOfCells(source, cells);
}

function placeFactors(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
  coordinates: string,
): Factor[] {
  const { source, target, method } = parameters;
  if (source === undefined || target.grid === undefined) return [];
  const { dimensions, grid } = source;
  const extents = extentsOf(grid);
  if (method === 'conservative') {
    const wanted = target.grid as AxesGrid | FieldsGrid;
    const cells = cellsIn(wanted, box, parts);
    const part = partWithin(grid, wanted, box, cells);
    const rows = readyCells(parameters, grid, part, parts, coordinates)(cells);
    return [{ dimensions, extents, rows, part }];
  }
  const places = placesIn(target.grid, box, parts);
  if (grid.kind === 'fields')
    return [{ dimensions, extents, rows: readyPoints(parameters, grid, parts, coordinates)(places) }];
  const { latitudes, longitudes } = onGrid(grid, places);
  const [latitude, longitude] = [axisOf(grid.latitude), axisOf(grid.longitude)];
  const rows =
    method === 'nearest'
      ? [nearestRows(latitude, latitudes), nearestRows(longitude, longitudes)]
      : [
          linearRows(latitude, latitudes, { holdsAtLimits: longitude.isClosed }),
          linearRows(longitude, longitudes),
        ];
  return rows.map((each, i) => ({ dimensions: [dimensions[i]], extents: [extents[i]], rows: each }));
}

/** What finds points of the source, which takes longer to make than to ask. */
function readyPoints(
  parameters: RegridParameters,
  grid: FieldsGrid,
  parts: readonly MaskedArray[],
  coordinates: string,
): (places: Places) => SparseRows {
  return keptRows(`points of ${textOf(parameters)} ${coordinates}`, () => {
    const points = { shape: grid.extents, ...fieldPlaces(grid, parts) };
    const make = parameters.method === 'nearest' ? nearestOnCurvilinear : bilinearOnCurvilinear;
    return { value: make(points), bytes: 100 * points.latitudes.length };
  });
}

/** What finds cells of the source. */
function readyCells(
  parameters: RegridParameters,
  grid: AxesGrid | FieldsGrid,
  part: readonly Span[] | undefined,
  parts: readonly MaskedArray[],
  coordinates: string,
): (cells: Cells) => SparseRows {
  return keptRows(`cells of ${textOf(parameters)} ${JSON.stringify(part)} ${coordinates}`, () => {
    const spans = part ?? extentsOf(grid).map((count) => ({ start: 0, count }));
    const box = { origin: spans.map(({ start }) => start), shape: spans.map(({ count }) => count) };
    const cells = cellsIn(grid, box, parts);
    // Each corner is kept as three numbers of a list, with middles and an index.
    return { value: conservativeRows(cells), bytes: 60 * cells.latitudes.length };
  });
}

/** Places as the grid's own latitudes and longitudes. */
function onGrid({ pole }: AxesGrid, places: Places): Places {
  if (pole === undefined) return places;
  const { latitudes, longitudes } = places;
  const turned = {
    latitudes: new Float64Array(latitudes.length),
    longitudes: new Float64Array(latitudes.length),
  };
  for (let i = 0; i < latitudes.length; i++) {
    const place = placeOnGrid(pole, latitudes[i], longitudes[i]);
    turned.latitudes[i] = place.latitude;
    turned.longitudes[i] = place.longitude;
  }
  return turned;
}
