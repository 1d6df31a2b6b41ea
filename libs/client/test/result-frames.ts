import { encodeValues, gridCell, gridShape, type MaskedArray, regularRuns, unravel } from '@hyperslab/array';
import type { ResultDescription } from '@hyperslab/proto/expression';
import type { ArrayFrame } from '@hyperslab/proto/worker';

/** The description of a float64 result whose values count up from 0, in blocks of at most `blockRows` rows. */
export function countingResult(rows: number, columns: number, blockRows: number): ResultDescription {
  return {
    name: 'counting',
    dtype: 'float64',
    units: 'm',
    dimensions: ['y', 'x'],
    shape: [rows, columns],
    coordinates: [],
    attributes: [],
    blockGrid: [regularRuns(rows, blockRows), regularRuns(columns, columns)],
  };
}

/** Frames of the blocks of a counting result from one on, as a worker sends them. */
export function* countingFrames(
  result: ResultDescription,
  firstBlock = 0,
  kernelVersion = '1',
): Generator<ArrayFrame> {
  const grid = gridShape(result.blockGrid);
  const columns = result.shape[1];
  yield {
    header: { dtype: result.dtype, shape: result.shape, result, held: false },
    data: Buffer.alloc(0),
    mask: Buffer.alloc(0),
  };
  for (let block = firstBlock; block < grid[0]; block++) {
    const { origin, shape } = gridCell(result.blockGrid, unravel(block, grid));
    const values = Float64Array.from({ length: shape[0] * columns }, (_, i) => origin[0] * columns + i);
    yield* framesOf({ dtype: 'float64', shape, values }, block, origin, 7, kernelVersion);
  }
}

/** Frames of one block, of at most `frameBytes` bytes each: frames may end inside a value. */
export function* framesOf(
  array: MaskedArray,
  block: number,
  origin: number[],
  frameBytes: number,
  kernelVersion = '1',
): Generator<ArrayFrame> {
  const data = Buffer.from(encodeValues(array));
  const mask = Buffer.from(array.mask ?? []);
  const header = {
    block,
    origin,
    shape: array.shape,
    dataBytes: data.length,
    masked: array.mask !== undefined,
    kernelVersion,
  };
  yield { block: header, data: data.subarray(0, frameBytes), mask: Buffer.alloc(0) };
  for (let at = frameBytes; at < data.length; at += frameBytes) {
    yield { data: data.subarray(at, at + frameBytes), mask: Buffer.alloc(0) };
  }
  for (let at = 0; at < mask.length; at += frameBytes) {
    yield { data: Buffer.alloc(0), mask: mask.subarray(at, at + frameBytes) };
  }
}
