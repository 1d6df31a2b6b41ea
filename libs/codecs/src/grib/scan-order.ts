import type { FieldValues } from './field-values.ts';

/** Flags of the scanning mode (flag table 3.4; code table 8 of edition 1) that change the order of points. */
const jConsecutive = 0x20;
const boustrophedonic = 0x10;

/** A field on a two-dimensional grid: how it is scanned, and its extents. */
export interface ScannedGrid {
  /** The scanning mode. */
  scan: number;
  /** Points along a parallel or x axis. */
  ni: number;
  /** Points along a meridian or y axis. */
  nj: number;
}

/**
 * Points in the order [j, i], from those in the order of the file. Directions stay as they are: coordinates say which way
 * they run. May change `values`.
 */
export function toRowMajor(values: FieldValues, { scan, ni, nj }: ScannedGrid): FieldValues {
  const runLength = (scan & jConsecutive) === 0 ? ni : nj;
  if ((scan & boustrophedonic) !== 0) reverseEverySecond(values, runLength);
  return (scan & jConsecutive) === 0 ? values : transposed(values, ni, nj);
}

function reverseEverySecond(values: FieldValues, length: number): void {
  for (let at = length; at < values.length; at += 2 * length) values.subarray(at, at + length).reverse();
}

/** Turns round the second row, the fourth, …, of rows of any lengths. */
export function reverseEverySecondRow(values: FieldValues, lengths: ArrayLike<number>): void {
  for (let row = 0, at = 0; row < lengths.length; at += lengths[row++]) {
    if (row % 2 === 1) values.subarray(at, at + lengths[row]).reverse();
  }
}

function transposed(values: FieldValues, ni: number, nj: number): FieldValues {
  const result = values instanceof Float32Array ? new Float32Array(ni * nj) : new Float64Array(ni * nj);
  for (let j = 0, to = 0; j < nj; j++) {
    for (let i = 0, from = j; i < ni; i++, from += nj) result[to++] = values[from];
  }
  return result;
}
