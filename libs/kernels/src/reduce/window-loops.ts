import type { NumberArray } from '@hyperslab/array';

/*
 * Loops over a row of short windows, each of which goes to a cell of its own: what the `gather` loops of `loops.ts` do for one window, in the
 * same order of additions, without a call for each.
 */

function windowSum(
  x: NumberArray,
  at: number,
  windows: number,
  length: number,
  sums: NumberArray,
  cell: number,
  nan: Float64Array | undefined,
): void {
  const lanes = length - (length % 4);
  for (let window = 0, begin = at; window < windows; window++, begin += length) {
    // Not destructured: that costs as much as the additions of a short window.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let check = 0;
    let i = begin;
    for (; i < begin + lanes; i += 4) {
      const p = x[i];
      const q = x[i + 1];
      const r = x[i + 2];
      const s = x[i + 3];
      check += p + q + r + s;
      a += Number.isNaN(p) ? 0 : p;
      b += Number.isNaN(q) ? 0 : q;
      c += Number.isNaN(r) ? 0 : r;
      d += Number.isNaN(s) ? 0 : s;
    }
    let total = a + b + (c + d);
    for (; i < begin + length; i++) {
      const value = x[i];
      check += value;
      total += Number.isNaN(value) ? 0 : value;
    }
    sums[cell + window] += total;
    if (nan !== undefined && Number.isNaN(check)) {
      for (let j = begin; j < begin + length; j++) if (Number.isNaN(x[j])) nan[cell + window]++;
    }
  }
}

function windowSumMasked(
  x: NumberArray,
  at: number,
  windows: number,
  length: number,
  sums: NumberArray,
  cell: number,
  nan: Float64Array | undefined,
  mask: Uint8Array,
  missing: Float64Array,
): void {
  for (let window = 0, i = at; window < windows; window++) {
    let total = 0;
    let skipped = 0;
    let absent = 0;
    for (const end = i + length; i < end; i++) {
      const value = x[i];
      if (mask[i] !== 0) absent++;
      else if (Number.isNaN(value)) skipped++;
      else total += value;
    }
    sums[cell + window] += total;
    missing[cell + window] += absent;
    if (nan !== undefined && skipped > 0) nan[cell + window] += skipped;
  }
}

function windowSquares(
  x: NumberArray,
  at: number,
  windows: number,
  length: number,
  squares: Float64Array,
  cell: number,
  means: Float64Array,
  mask: Uint8Array | undefined,
): void {
  for (let window = 0, i = at; window < windows; window++) {
    const mean = means[cell + window];
    let total = 0;
    for (const end = i + length; i < end; i++) {
      const difference = x[i] - mean;
      if (!Number.isNaN(x[i]) && (mask === undefined || mask[i] === 0)) total += difference * difference;
    }
    squares[cell + window] += total;
  }
}

type Better = (a: number, b: number) => boolean;

function windowExtreme(
  better: Better,
  x: NumberArray,
  at: number,
  windows: number,
  length: number,
  extremes: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let window = 0, i = at; window < windows; window++) {
    let extreme = extremes[cell + window];
    let skipped = 0;
    let absent = 0;
    for (const end = i + length; i < end; i++) {
      const value = x[i];
      if (mask !== undefined && mask[i] !== 0) absent++;
      else if (better(value, extreme)) extreme = value;
      else if (Number.isNaN(value)) skipped++;
    }
    extremes[cell + window] = extreme;
    if (absent > 0) missing[cell + window] += absent;
    if (skipped > 0) nan[cell + window] += skipped;
  }
}

/** All of them, by name. */
export const windowLoops = { windowSum, windowSumMasked, windowSquares, windowExtreme };
