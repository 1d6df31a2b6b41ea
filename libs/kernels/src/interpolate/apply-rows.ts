import {
  allocateValues,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
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
  const mask = array.mask?.includes(1) ? array.mask : undefined;
  if (mask === undefined && everyRow.every(isComplete)) return { values };
  const covered = new Float64Array(values.length);
  if (mask === undefined) return { values, covered: covered.fill(1) };
  const present = values.slice();
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) covered[i] = 1;
    else present[i] = 0;
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
  const loopFor = layout.inner === 1 ? gatherFor : spreadFor;
  loopFor(values.constructor.name)(values, sums, layout, rows);
  if (covered === undefined) return { values: sums };
  const weights = new Float64Array(sums.length);
  loopFor('Float64Array')(covered, weights, layout, rows);
  return { values: sums, covered: weights };
}

type Loop = (values: NumberArray, sums: Float64Array, layout: RowLayout, rows: SparseRows) => void;

const spreadFor = remembered(() => specialise(spreadRows) as Loop);
const gatherFor = remembered(() => specialise(gatherRows) as Loop);

/** Of several elements after the dimension: each entry adds all of them. */
function spreadRows(
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

/** Of one element after the dimension: each row is a sum. In the same order of additions. */
function gatherRows(
  values: NumberArray,
  sums: Float64Array,
  { outer, extent }: RowLayout,
  { offsets, indices, weights }: SparseRows,
): void {
  const count = offsets.length - 1;
  for (let o = 0; o < outer; o++) {
    const from = o * extent;
    const to = o * count;
    let entry = 0;
    for (let row = 0; row < count; row++) {
      const end = offsets[row + 1];
      let sum = 0;
      for (; entry < end; entry++) sum += weights[entry] * values[from + indices[entry]];
      sums[to + row] = sum;
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
export function takeRows(array: MaskedArray, layout: RowLayout, rows: SparseRows): MaskedArray {
  const count = rowCount(rows);
  const values = allocateValues(array.dtype, layout.outer * count * layout.inner);
  takeFor(values.constructor.name)(array.values as NumberArray, values as NumberArray, layout, rows);
  const shape = [layout.outer, count, layout.inner];
  const isWhole = rows.indices.length === count;
  if (array.mask === undefined && isWhole) return { dtype: array.dtype, shape, values };
  const mask = new Uint8Array(values.length).fill(1);
  const source = array.mask ?? new Uint8Array(array.values.length);
  takeFor('Uint8Array')(source, mask, layout, rows);
  return { dtype: array.dtype, shape, values, mask };
}

type TakeLoop = (from: NumberArray, to: NumberArray, layout: RowLayout, rows: SparseRows) => void;

const takeFor = remembered(() => specialise(copyRows) as TakeLoop);

function copyRows(
  source: NumberArray,
  target: NumberArray,
  { outer, extent, inner }: RowLayout,
  { offsets, indices }: SparseRows,
): void {
  const count = offsets.length - 1;
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < count; row++) {
      const entry = offsets[row];
      if (entry === offsets[row + 1]) continue;
      const to = (o * count + row) * inner;
      const from = (o * extent + indices[entry]) * inner;
      if (inner > 64) target.set(source.subarray(from, from + inner), to);
      else for (let i = 0; i < inner; i++) target[to + i] = source[from + i];
    }
  }
}
