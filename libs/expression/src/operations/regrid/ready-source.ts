import { elementCount, type MaskedArray } from '@hyperslab/array';
import {
  bilinearOnCurvilinear,
  type Cells,
  conservativeRows,
  nearestOnCurvilinear,
  type Places,
  type SparseRows,
} from '@hyperslab/kernels';
import { cellsBytes, pointsBytes } from './held-bytes.ts';
import { type AxesGrid, extentsOf, type FieldsGrid, type RegridParameters } from './parameters.ts';
import { cellsIn, fieldDegrees } from './places.ts';
import { holdRows, keptRows } from './row-cache.ts';
import type { Span } from './source-span.ts';
import { textOf } from './weights-key.ts';

/** Of fields, what finds points and cells is the same for all that is wanted, and stays until this is disposed of. */
export function holdSource(
  parameters: RegridParameters,
  coordinates: readonly string[],
): Disposable | undefined {
  const grid = parameters.source?.grid;
  return grid?.kind === 'fields' ? holdRows(fieldsKey(parameters, grid, coordinates)) : undefined;
}

/** What finds points of the source, which takes longer to make than to ask. */
export function readyPoints(
  parameters: RegridParameters,
  grid: FieldsGrid,
  parts: readonly MaskedArray[],
  coordinates: readonly string[],
): (places: Places) => SparseRows {
  const key = fieldsKey(parameters, grid, coordinates);
  const bytes = pointsBytes(parameters.method, grid, parts);
  return keptRows(key, bytes, () => {
    const points = { shape: grid.extents, ...fieldDegrees(grid, parts) };
    const make = parameters.method === 'nearest' ? nearestOnCurvilinear : bilinearOnCurvilinear;
    return { value: make(points), bytes };
  });
}

/** What finds cells of the source. */
export function readyCells(
  parameters: RegridParameters,
  grid: AxesGrid | FieldsGrid,
  part: readonly Span[] | undefined,
  parts: readonly MaskedArray[],
  coordinates: readonly string[],
): (cells: Cells) => SparseRows {
  const spans = part ?? extentsOf(grid).map((count) => ({ start: 0, count }));
  const box = { origin: spans.map(({ start }) => start), shape: spans.map(({ count }) => count) };
  const key =
    grid.kind === 'fields'
      ? fieldsKey(parameters, grid, coordinates)
      : `cells of ${textOf(parameters)} ${box.origin}+${box.shape}`;
  const { most, kept } = cellsBytes(parameters, elementCount(box.shape));
  return keptRows(key, most, () => ({ value: conservativeRows(cellsIn(grid, box, parts)), bytes: kept }));
}

function fieldsKey(parameters: RegridParameters, grid: FieldsGrid, coordinates: readonly string[]): string {
  const { latitude, longitude } = parameters.method === 'conservative' ? grid.bounds! : grid;
  return `fields of ${textOf(parameters)} ${coordinates[latitude]} ${coordinates[longitude]}`;
}
