import {
  allocateValues,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import { remembered, specialise } from '../specialise.ts';
import { rowCount, type SparseRows } from './sparse-rows.ts';

/** How the dimension that rows go over lies in an array: elements before it, along it and after it. */
export interface RowLayout {
  outer: number;
  extent: number;
  inner: number;
}

/** Sums of weights times values, and where not all is there, the sums of the weights of what was. */
export interface WeightedSums {
  values: NumberArray;
  covered?: Float64Array;
}

/** So much of a target may be missing by rounding. */
const negligible = 1e-9;

/** Values ready to be weighted: 0 where they are missing, with what is there as 1 and 0 when something is missing or will be. */
export function weightedValues(array: MaskedArray, everyRow: readonly SparseRows[]): WeightedSums {
  const values = isBigInt(array.dtype as NumericType)
    ? Float64Array.from(array.values as BigInt64Array, Number)
    : (array.values as NumberArray);
  if (array.mask === undefined && everyRow.every(isComplete)) return { values };
  const covered = new Float64Array(values.length).fill(1);
  if (array.mask === undefined) return { values, covered };
  const present = values.slice();
  for (let i = 0; i < present.length; i++) {
    if (array.mask[i] === 0) continue;
    present[i] = 0;
    covered[i] = 0;
  }
  return { values: present, covered };
}

function isComplete({ offsets, weights }: SparseRows): boolean {
  for (let row = 0; row < offsets.length - 1; row++) {
    let sum = 0;
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) sum += weights[entry];
    if (sum < 1 - negligible) return false;
  }
  return true;
}

/** Puts rows in the place of a dimension. The result has their number as its extent. */
export function applyRows(
  { values, covered }: WeightedSums,
  layout: RowLayout,
  rows: SparseRows,
): WeightedSums {
  const sums = new Float64Array(layout.outer * rowCount(rows) * layout.inner);
  loopFor(values.constructor.name)(values, sums, layout, rows);
  if (covered === undefined) return { values: sums };
  const weights = new Float64Array(sums.length);
  loopFor('Float64Array')(covered, weights, layout, rows);
  return { values: sums, covered: weights };
}

type Loop = (values: NumberArray, sums: Float64Array, layout: RowLayout, rows: SparseRows) => void;

const loopFor = remembered(() => specialise(addRows) as Loop);

function addRows(
  values: NumberArray,
  sums: Float64Array,
  { outer, extent, inner }: RowLayout,
  { offsets, indices, weights }: SparseRows,
): void {
  const count = offsets.length - 1;
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < count; row++) {
      const to = (o * count + row) * inner;
      for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) {
        const from = (o * extent + indices[entry]) * inner;
        const weight = weights[entry];
        for (let i = 0; i < inner; i++) sums[to + i] += weight * values[from + i];
      }
    }
  }
}

/**
 * The means that sums stand for, as `dtype`. One of which more than `tolerated` (0 to 1) is missing is missing, and one of
 * which nothing is there.
 */
export function finishRows(
  { values, covered }: WeightedSums,
  dtype: 'float32' | 'float64',
  shape: number[],
  tolerated: number,
): MaskedArray {
  const count = values.length;
  const means = allocateValues(dtype, count) as Float64Array;
  if (covered === undefined) {
    means.set(values as Float64Array);
    return { dtype, shape, values: means };
  }
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const part = covered[i];
    if (part <= negligible || 1 - part > tolerated + negligible) mask[i] = 1;
    // What is complete is not divided: so its bits do not depend on what is missing elsewhere.
    else means[i] = part < 1 - negligible ? values[i] / part : values[i];
  }
  return { dtype, shape, values: means, mask };
}

/** Puts the element that each row names in its place, as it is; rows without entries are missing. */
export function takeRows(
  array: MaskedArray,
  { outer, extent, inner }: RowLayout,
  rows: SparseRows,
): MaskedArray {
  const count = rowCount(rows);
  const source = array.values as NumericValues;
  const values = allocateValues(array.dtype, outer * count * inner);
  let mask: Uint8Array | undefined = array.mask && new Uint8Array(values.length);
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < count; row++) {
      const to = (o * count + row) * inner;
      const entry = rows.offsets[row];
      if (entry === rows.offsets[row + 1]) {
        mask ??= new Uint8Array(values.length);
        mask.fill(1, to, to + inner);
        continue;
      }
      const from = (o * extent + rows.indices[entry]) * inner;
      if (inner === 1) values[to] = source[from];
      else values.set(source.subarray(from, from + inner) as never, to);
      if (array.mask !== undefined) mask?.set(array.mask.subarray(from, from + inner), to);
    }
  }
  return { dtype: array.dtype, shape: [outer, count, inner], values, mask };
}
