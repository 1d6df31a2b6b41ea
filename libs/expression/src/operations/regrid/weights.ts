import { elementCount, type MaskedArray } from '@hyperslab/array';
import { placeOnGrid } from '@hyperslab/cube';
import {
  type Cells,
  linearRows,
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
import { isForeseeable } from './foreseeable.ts';
import { stripBytes } from './held-bytes.ts';
import { type AxesGrid, extentsOf, type FieldsGrid, type RegridParameters } from './parameters.ts';
import { cellsIn, placeRounding, placesIn } from './places.ts';
import { holdSource, readyCells, readyPoints } from './ready-source.ts';
import { keptRows } from './row-cache.ts';
import { type Span, spansOfBox, spansOfCells } from './source-span.ts';
import { type Strip, stripsOf } from './strips.ts';
import { coordinateKeys, textOf } from './weights-key.ts';

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

/** What a box of targets needs of the interpolated dimensions, by name; nothing is said of one that is needed whole. */
export function spansNeeded(parameters: RegridParameters, box: Box): Map<string, Span> {
  const { source, target, method } = parameters;
  if (!isForeseeable(parameters, elementCount(box.shape))) return new Map();
  if (method !== 'conservative') {
    const { spans } = weightsOf(parameters, { box, parts: [] }, [], true);
    return new Map(spans.map((span) => [span.dimension, span]));
  }
  const spans = spansOfBox(source!.grid as AxesGrid, target.grid as AxesGrid, box);
  return new Map(spans.map((span, i) => [source!.dimensions[i], span]));
}

/**
 * The weights of a box of the target dimensions: those of strips of it, one after the other, where all of the source is needed. `parts` are
 * the node's inputs; those of coordinates count.
 */
export function* weightsInStrips(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
): Generator<RegridWeights> {
  const coordinates = coordinateKeys(parts);
  const cuts = isForeseeable(parameters, elementCount(box.shape));
  const whole = { box, parts };
  using _source = holdSource(parameters, coordinates);
  for (const strip of cuts ? [whole] : stripsOf(parameters.target.grid, whole))
    yield weightsOf(parameters, strip, coordinates, cuts);
}

/** @param cuts whether rows go over no more than they need */
function weightsOf(
  parameters: RegridParameters,
  strip: Strip,
  coordinates: readonly string[],
  cuts: boolean,
): RegridWeights {
  const { origin, shape } = strip.box;
  const key = `${textOf(parameters)} ${origin}+${shape} ${cuts} ${coordinates}`;
  return keptRows(key, stripBytes(parameters, elementCount(shape)), () => {
    const value = makeWeights(parameters, strip, coordinates, cuts);
    return { value, bytes: rowsBytes(value.rows) + key.length };
  });
}

function makeWeights(
  parameters: RegridParameters,
  { box, parts }: Strip,
  coordinates: readonly string[],
  cuts: boolean,
): RegridWeights {
  const factors = [
    ...parameters.along.map((each): Factor => {
      const rows = partOfRows(axisRows(each), box.origin[0], box.shape[0], 0);
      return { dimensions: [each.dimension], extents: [each.source.points.length], rows };
    }),
    ...placeFactors(parameters, box, parts, coordinates),
  ];
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
  coordinates: readonly string[],
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
  const wanted = target.grid;
  const [latitude, longitude] = (['latitude', 'longitude'] as const).map((which) =>
    axisOf({ ...grid[which], rounding: grid[which].rounding ?? placeRounding(wanted, which, parts) }),
  );
  const rows =
    method === 'nearest'
      ? [nearestRows(latitude, latitudes), nearestRows(longitude, longitudes)]
      : [
          linearRows(latitude, latitudes, { holdsAtLimits: longitude.isClosed }),
          linearRows(longitude, longitudes),
        ];
  return rows.map((each, i) => ({ dimensions: [dimensions[i]], extents: [extents[i]], rows: each }));
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
