import type { MaskedArray, NumericValues } from '@hyperslab/array';
import { elementCount } from '@hyperslab/array';
import type { Box } from '../../task/box.ts';
import type { FieldsGrid, RegridParameters } from './parameters.ts';

/** A part of a box of targets, with the node's inputs as it needs them. */
export interface Strip {
  box: Box;
  parts: readonly MaskedArray[];
}

/** Of so many targets weights are made at once, or of one row of more. */
const mostTargets = 2 ** 16;

/** So many targets of those of a box a strip has at most. */
export function targetsOfStrip(shape: readonly number[]): number {
  return rowsOfStrip(shape) * elementCount(shape.slice(1));
}

/** Strips of whole rows of a box, which together are all of it. */
export function* stripsOf(grid: RegridParameters['target']['grid'], { box, parts }: Strip): Generator<Strip> {
  const [rows, ...rest] = box.shape;
  const count = rowsOfStrip(box.shape);
  for (let row = 0; row === 0 || row < rows; row += count) {
    const own = Math.min(count, rows - row);
    const strip = { origin: [box.origin[0] + row, ...box.origin.slice(1)], shape: [own, ...rest] };
    const cut = grid?.kind === 'fields' ? inputsOf(grid) : [];
    yield {
      box: strip,
      parts: parts.map((part, input) => (cut.includes(input) ? rowsOf(part, row, own) : part)),
    };
  }
}

function rowsOfStrip([rows, ...rest]: readonly number[]): number {
  return Math.max(1, Math.min(rows, Math.floor(mostTargets / Math.max(1, elementCount(rest)))));
}

function inputsOf({ latitude, longitude, bounds }: FieldsGrid): number[] {
  return [latitude, longitude, ...(bounds ? [bounds.latitude, bounds.longitude] : [])];
}

function rowsOf(
  { dtype, shape: [, ...rest], values, mask }: MaskedArray,
  row: number,
  count: number,
): MaskedArray {
  const width = elementCount(rest);
  const [from, to] = [row * width, (row + count) * width];
  const own = (values as NumericValues).subarray(from, to);
  return { dtype, shape: [count, ...rest], values: own, mask: mask?.subarray(from, to) };
}
