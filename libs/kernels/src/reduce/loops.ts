import type { NumberArray } from '@hyperslab/array';

/*
 * The inner loops of reductions. A `spread` loop adds a row to a row of cells, element by element; a `gather` loop adds
 * it to one cell. Each data type gets a copy of its own (see `specialise`), so they name nothing but their parameters.
 *
 * A gather loop over numbers sums in four lanes, element i in lane i mod 4, and adds (0 + 1) + (2 + 3): the order of a
 * kernel with vectors of four numbers.
 */

/** Sums leave NaN out without a branch; they answer NaN when there may have been one (or infinities met), to be counted. */
function spreadSum(x: NumberArray, at: number, length: number, sums: NumberArray, cell: number): number {
  let check = 0;
  for (let i = 0; i < length; i++) {
    const value = x[at + i];
    check += value;
    sums[cell + i] += Number.isNaN(value) ? 0 : value;
  }
  return check;
}

function gatherSum(x: NumberArray, at: number, length: number, sums: NumberArray, cell: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let check = 0;
  const whole = at + length - (length % 4);
  for (let i = at; i < whole; i += 4) {
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
  for (let i = whole; i < at + length; i++) {
    const value = x[i];
    check += value;
    total += Number.isNaN(value) ? 0 : value;
  }
  sums[cell] += total;
  return check;
}

function spreadSumMasked(
  x: NumberArray,
  at: number,
  length: number,
  sums: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array,
  missing: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    const value = x[at + i];
    if (mask[at + i] !== 0) missing[cell + i]++;
    else if (Number.isNaN(value)) nan[cell + i]++;
    else sums[cell + i] += value;
  }
}

function gatherSumMasked(
  x: NumberArray,
  at: number,
  length: number,
  sums: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array,
  missing: Float64Array,
): void {
  let total = 0;
  let skipped = 0;
  let absent = 0;
  for (let i = at; i < at + length; i++) {
    const value = x[i];
    if (mask[i] !== 0) absent++;
    else if (Number.isNaN(value)) skipped++;
    else total += value;
  }
  sums[cell] += total;
  missing[cell] += absent;
  if (skipped > 0) nan[cell] += skipped;
}

/** Sums of bigints, which can not be added to a number's zero. */
function spreadBigSum(
  x: BigInt64Array,
  at: number,
  length: number,
  sums: BigInt64Array,
  cell: number,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    if (mask !== undefined && mask[at + i] !== 0) missing[cell + i]++;
    else sums[cell + i] += x[at + i];
  }
}

function gatherBigSum(
  x: BigInt64Array,
  at: number,
  length: number,
  sums: BigInt64Array,
  cell: number,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  let total = 0n;
  for (let i = at; i < at + length; i++) {
    if (mask !== undefined && mask[i] !== 0) missing[cell]++;
    else total += x[i];
  }
  sums[cell] += total;
}

/** Sums of squared differences from a mean that is known. Counts nothing. */
function spreadSquares(
  x: NumberArray,
  at: number,
  length: number,
  squares: Float64Array,
  cell: number,
  means: Float64Array,
  mask: Uint8Array | undefined,
): void {
  for (let i = 0; i < length; i++) {
    const difference = x[at + i] - means[cell + i];
    if (!Number.isNaN(x[at + i]) && (mask === undefined || mask[at + i] === 0)) {
      squares[cell + i] += difference * difference;
    }
  }
}

function gatherSquares(
  x: NumberArray,
  at: number,
  length: number,
  squares: Float64Array,
  cell: number,
  means: Float64Array,
  mask: Uint8Array | undefined,
): void {
  const mean = means[cell];
  let total = 0;
  for (let i = at; i < at + length; i++) {
    const difference = x[i] - mean;
    if (!Number.isNaN(x[i]) && (mask === undefined || mask[i] === 0)) total += difference * difference;
  }
  squares[cell] += total;
}

type Better = (a: number, b: number) => boolean;

function spreadExtreme(
  better: Better,
  x: NumberArray,
  at: number,
  length: number,
  extremes: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    const value = x[at + i];
    if (mask !== undefined && mask[at + i] !== 0) missing[cell + i]++;
    else if (better(value, extremes[cell + i])) extremes[cell + i] = value;
    else if (Number.isNaN(value)) nan[cell + i]++;
  }
}

function gatherExtreme(
  better: Better,
  x: NumberArray,
  at: number,
  length: number,
  extremes: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  let extreme = extremes[cell];
  let skipped = 0;
  let absent = 0;
  for (let i = at; i < at + length; i++) {
    const value = x[i];
    if (mask !== undefined && mask[i] !== 0) absent++;
    else if (better(value, extreme)) extreme = value;
    else if (Number.isNaN(value)) skipped++;
  }
  extremes[cell] = extreme;
  if (absent > 0) missing[cell] += absent;
  if (skipped > 0) nan[cell] += skipped;
}

/** Only counts what is left out. */
function spreadCount(
  x: NumberArray,
  at: number,
  length: number,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    if (mask !== undefined && mask[at + i] !== 0) missing[cell + i]++;
    else if (Number.isNaN(x[at + i])) nan[cell + i]++;
  }
}

function gatherCount(
  x: NumberArray,
  at: number,
  length: number,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let i = at; i < at + length; i++) {
    if (mask !== undefined && mask[i] !== 0) missing[cell]++;
    else if (Number.isNaN(x[i])) nan[cell]++;
  }
}

/** Each cell gets one element more: its mean and squares with it (Chan, Golub and LeVeque 1979, eq. 2.1). */
function spreadMoments(
  x: NumberArray,
  at: number,
  length: number,
  merged: Float64Array,
  means: Float64Array,
  squares: Float64Array,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    const value = x[at + i];
    if (mask !== undefined && mask[at + i] !== 0) missing[cell + i]++;
    else if (Number.isNaN(value)) nan[cell + i]++;
    else {
      const had = merged[cell + i];
      const difference = value - means[cell + i];
      squares[cell + i] += difference * difference * (had / (had + 1));
      means[cell + i] += difference * (1 / (had + 1));
      merged[cell + i] = had + 1;
    }
  }
}

/** All loops, by name. */
export const loops = {
  spreadMoments,
  spreadSum,
  gatherSum,
  spreadSumMasked,
  gatherSumMasked,
  spreadBigSum,
  gatherBigSum,
  spreadSquares,
  gatherSquares,
  spreadExtreme,
  gatherExtreme,
  spreadCount,
  gatherCount,
};
