import { elementCount, isBigInt, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { hearCancel } from '../hear-cancel.ts';

/** Elements of a strip: what is computed of one stays in the cache. */
const stripElements = 2 ** 13;
/** Columns of a strip of a long dimension: enough that its rows are worth a loop. */
const leastWidth = 16;

/** Columns of an array along one dimension, side by side: element i of column j is at i * width + j. */
export interface Strip {
  /** Numbers, NaN where missing. */
  values: Float64Array;
  length: number;
  width: number;
  /** Number of its first column. Columns are numbered by what is outside of the dimension, then by what is inside. */
  first: number;
}

/** Calls with all columns of an array along a dimension, strip by strip. `values` are overwritten by the next. */
export function visitStrips(array: MaskedArray, axis: number, visit: (strip: Strip) => void): void {
  const length = array.shape[axis];
  const inner = elementCount(array.shape.slice(axis + 1));
  const columns = inner * elementCount(array.shape.slice(0, axis));
  const most = mostColumns(array, axis);
  // Rows of what is inside of the dimension where these are long; else some of those together.
  const isLong = inner >= leastWidth;
  const buffer = new Float64Array(length * most);
  const row = new Float64Array(isLong ? 0 : length * inner);
  for (let first = 0; first < columns; ) {
    hearCancel();
    const rest = isLong ? inner - (first % inner) : columns - first;
    const width = Math.min(most, rest);
    const values = buffer.subarray(0, length * width);
    if (isLong) loadRows(array, values, length, width, inner, first);
    else loadColumns(array, values, length, width, inner, first, row);
    visit({ values, length, width, first });
    first += width;
  }
}

/** As many columns as a strip of an array has at most. */
export function mostColumns({ shape }: MaskedArray, axis: number): number {
  const columns = elementCount(shape.toSpliced(axis, 1));
  return Math.min(columns, Math.max(leastWidth, Math.floor(stripElements / Math.max(1, shape[axis]))));
}

/** Columns that lie side by side in the array, too. */
function loadRows(
  array: MaskedArray,
  to: Float64Array,
  length: number,
  width: number,
  inner: number,
  first: number,
): void {
  const begin = Math.floor(first / inner) * length * inner + (first % inner);
  for (let i = 0; i < length; i++) load(array, begin + i * inner, to.subarray(i * width, (i + 1) * width));
}

/** Columns of several of what is outside of the dimension. */
function loadColumns(
  array: MaskedArray,
  to: Float64Array,
  length: number,
  width: number,
  inner: number,
  first: number,
  row: Float64Array,
): void {
  for (let column = first; column < first + width; ) {
    const outer = Math.floor(column / inner);
    load(array, outer * length * inner, row);
    const from = column - outer * inner;
    const count = Math.min(inner - from, first + width - column);
    for (let i = 0; i < length; i++)
      for (let j = 0; j < count; j++) to[i * width + column - first + j] = row[i * inner + from + j];
    column += count;
  }
}

function load({ dtype, values, mask }: MaskedArray, at: number, to: Float64Array): void {
  const end = at + to.length;
  if (isBigInt(dtype)) for (let i = at; i < end; i++) to[i - at] = Number(values[i]);
  else to.set((values as NumberArray).subarray(at, end));
  if (mask === undefined) return;
  for (let i = at; i < end; i++) if (mask[i] !== 0) to[i - at] = Number.NaN;
}

/** A result of strips, of as many rows as it has indices along the dimension. The arrays may be longer. */
export interface StripResult {
  values: Float64Array;
  /** How many values each is made of. */
  counts: Float64Array;
}

/** Writes the result of a strip to where its columns are; it is missing where `least` values are not there; for 0 the mask stays. */
export function storeStrip(
  { values, counts }: StripResult,
  { width, first }: Strip,
  array: MaskedArray & { mask: Uint8Array },
  axis: number,
  least: number,
): void {
  const length = array.shape[axis];
  const inner = elementCount(array.shape.slice(axis + 1));
  for (let i = 0; i < length; i++) {
    for (let column = 0; column < width; ) {
      const outer = Math.floor((first + column) / inner);
      const from = first + column - outer * inner;
      const count = Math.min(inner - from, width - column);
      const at = (outer * length + i) * inner + from;
      const place = i * width + column;
      writeRun(array, at, values, place, count);
      for (let j = 0; j < count && least > 0; j++) array.mask[at + j] = counts[place + j] < least ? 1 : 0;
      column += count;
    }
  }
}

function writeRun(
  { dtype, values: to }: MaskedArray,
  at: number,
  values: Float64Array,
  place: number,
  count: number,
): void {
  if (isBigInt(dtype))
    for (let j = 0; j < count; j++) (to as BigInt64Array)[at + j] = BigInt(values[place + j] || 0);
  else if (count < leastWidth)
    for (let j = 0; j < count; j++) (to as NumberArray)[at + j] = values[place + j];
  else (to as NumberArray).set(values.subarray(place, place + count), at);
}
