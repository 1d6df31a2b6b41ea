import type { Axis } from '@hyperslab/kernels';
import type { Box } from '../../task/box.ts';
import { axisOf } from '../interpolate/axis-parameters.ts';
import { extentsOf, type RegridParameters } from './parameters.ts';
import { type Span, spansOfBox } from './source-span.ts';

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
