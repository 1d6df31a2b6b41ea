import { elementCount, type MaskedArray } from '@hyperslab/array';
import { type Dataset, findCube } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';
import type { Cube } from '@hyperslab/proto/cube';
import { coordinateTexts } from './coordinate-text.ts';
import { dimensionLabels } from './dimension.ts';
import { type Grid, gridOf } from './grid.ts';
import type { SliceHead } from './messages.ts';
import { indicesAt, single } from './request.ts';
import { thinGrid } from './thin.ts';
import { pictureValues, valueFrame } from './value-frame.ts';

/**
 * A slice of a cube as a frame: rows from its first index on, thinned to what a page can show. The head tells the shape,
 * the distance of the indices, the range of the values and where the slice lies.
 */
export async function readSlice(dataset: Dataset, query: URLSearchParams, name: string, signal: AbortSignal) {
  const cube = findCube(dataset.metadata, name);
  const grid = gridOf(dataset.metadata, cube);
  if (grid === undefined)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `"${name}" has fewer than two dimensions to draw; ask for a series of it`,
    );
  const at = indicesAt(query, cube);
  const { step, rows, columns } = thinGrid(cube.shape, grid);
  const ranges = at.map((index, axis) =>
    axis === grid.rows ? rows : axis === grid.columns ? columns : single(index),
  );
  const [array, places] = await Promise.all([
    dataset.read(cube.name, ranges, { signal }),
    placeTexts(dataset, cube, grid, at, signal),
  ]);
  const { bits, ...counts } = pictureValues(rowsFirst(array, grid));
  const head: SliceHead = { rows: rows.count, columns: columns.count, step, places, ...counts };
  return valueFrame(head, bits);
}

/** Dimensions of one index are no concern of a picture; where columns come first, values are turned round. */
function rowsFirst(array: MaskedArray, { rows, columns }: Grid): MaskedArray {
  if (rows < columns) return array;
  const [width, height] = [array.shape[columns], array.shape[rows]];
  const from = (i: number) => (i % width) * height + Math.floor(i / width);
  const turn = <T>(values: ArrayLike<T>) =>
    Array.from({ length: elementCount(array.shape) }, (_, i) => values[from(i)]);
  return {
    ...array,
    values: Float64Array.from(turn(array.values as ArrayLike<number | bigint>), Number),
    mask: array.mask && Uint8Array.from(turn(array.mask)),
  };
}

/** Where a slice lies in the dimensions that it does not show. */
async function placeTexts(
  dataset: Dataset,
  cube: Cube,
  grid: Grid,
  at: readonly number[],
  signal: AbortSignal,
) {
  const others = at.flatMap((_, axis) => (axis === grid.rows || axis === grid.columns ? [] : [axis]));
  return Promise.all(
    others.map(async (axis) => {
      const labels = await dimensionLabels(dataset, cube, axis, signal);
      const text = labels && coordinateTexts(labels.values, labels.coordinate)(at[axis]);
      return { axis, text: text ?? `#${at[axis]}` };
    }),
  );
}
