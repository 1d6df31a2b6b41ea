import type { MaskedArray } from '@hyperslab/array';
import {
  type Axis,
  type SecondOrderRows,
  secondOrderBetweenAxes,
  secondOrderBytes,
  secondOrderRows,
} from '@hyperslab/kernels';
import type { Box } from '../../task/box.ts';
import { type AxisParameters, axisOf } from '../interpolate/axis-parameters.ts';
import { type AxesGrid, extentsOf, type FieldsGrid, type RegridParameters, samePole } from './parameters.ts';
import { cellsIn } from './places.ts';
import { keptRows } from './row-cache.ts';
import { type Span, spansOfBox } from './source-span.ts';
import { coordinatesKey, textOf } from './weights-key.ts';

/** The part of the source that a box of targets is made of: of axes, the cells that may touch it with their neighbours; of fields, all. */
export function secondOrderSpans({ source, target }: RegridParameters, box: Box): [Span, Span] {
  const grid = source!.grid;
  const wanted = target.grid;
  if (grid.kind !== 'axes' || wanted?.kind !== 'axes') {
    const [rows, columns = 1] = extentsOf(grid);
    return [
      { start: 0, count: rows },
      { start: 0, count: columns },
    ];
  }
  const [rows, columns] = spansOfBox(grid, wanted, box);
  return [withNeighbours(rows, axisOf(grid.latitude)), withNeighbours(columns, axisOf(grid.longitude))];
}

function withNeighbours({ start, count }: Span, { points, isClosed }: Axis): Span {
  const [low, high] = [start - 1, start + count + 1];
  if (isClosed && (low < 0 || high > points.length)) return { start: 0, count: points.length };
  const first = Math.max(0, low);
  return { start: first, count: Math.min(points.length, high) - first };
}

/** The weights of a box of targets over the part of the source that `secondOrderSpans` tells. `parts` are the node's inputs. */
export function secondOrderWeights(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
): SecondOrderRows {
  const coordinates = coordinatesKey(parts);
  const key = `${textOf(parameters)} ${box.origin}+${box.shape} ${coordinates}`;
  return keptRows(key, () => {
    const value = rowsFor(parameters, box, parts, coordinates);
    return { value, bytes: secondOrderBytes(value) + key.length };
  });
}

function rowsFor(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
  coordinates: string,
): SecondOrderRows {
  const grid = parameters.source!.grid;
  const wanted = parameters.target.grid as AxesGrid | FieldsGrid;
  const spans = secondOrderSpans(parameters, box);
  const sourceBox = { origin: spans.map(({ start }) => start), shape: spans.map(({ count }) => count) };
  const key = `cells of ${textOf(parameters)} ${JSON.stringify(spans)} ${coordinates}`;
  const bytes = 400 * spans[0].count * spans[1].count;
  if (grid.kind === 'axes' && wanted.kind === 'axes' && samePole(grid, wanted)) {
    // In the latitudes and longitudes that both have: on which globe does not matter.
    const rows = keptRows(key, () => {
      const cells = cellsIn({ ...grid, pole: undefined }, sourceBox, parts);
      return { value: secondOrderBetweenAxes(axesIn(grid, sourceBox), cells), bytes };
    });
    return rows(axesIn(wanted, box));
  }
  const rows = keptRows(key, () => ({ value: secondOrderRows(cellsIn(grid, sourceBox, parts)), bytes }));
  return rows(cellsIn(wanted, box, parts));
}

function axesIn({ latitude, longitude }: AxesGrid, { origin, shape }: Box) {
  return {
    latitude: axisPart(latitude, origin[0], shape[0]),
    longitude: axisPart(longitude, origin[1], shape[1]),
  };
}

function axisPart(parameters: AxisParameters, start: number, count: number): Axis {
  const { points, bounds, ...rest } = axisOf(parameters);
  return {
    ...rest,
    points: points.slice(start, start + count),
    bounds: bounds.slice(2 * start, 2 * (start + count)),
  };
}
