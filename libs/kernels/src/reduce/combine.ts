import { elementCount, type NumericValues } from '@hyperslab/array';
import { totalAt } from '../reductions/reduction-kind.ts';
import { mergeByKernel } from '../wasm/merge-moments.ts';
import { type Accumulator, carrySums, countAt } from './accumulator.ts';
import { visitRows } from './layout.ts';

/** Adds a partial result to another over the same cells, which came before it. The second may be used up. */
export function combine(into: Accumulator, from: Accumulator): void {
  if (into.means !== undefined) {
    mergeMoments(
      into,
      from,
      into.shape.map(() => 0),
    );
    addTotals(into, from);
    return;
  }
  addTotals(into, from);
  addCounts(into, from);
  if (into.extremes !== undefined) takeBetter(into, from);
  if (into.sums === undefined) return;
  carrySums(into);
  carrySums(from);
  const [sums, added] =
    into.carried === undefined ? [into.sums, from.sums!] : [into.carried.sums, from.carried!.sums];
  addAll(sums, added);
}

function addTotals(into: Accumulator, from: Accumulator): void {
  if (typeof into.total === 'number' && typeof from.total === 'number') {
    into.total += from.total;
    return;
  }
  const sum = (cell: number) => totalAt(into.total, cell) + totalAt(from.total, cell);
  into.total = Float64Array.from({ length: elementCount(into.shape) }, (_, cell) => sum(cell));
}

function addCounts(into: Accumulator, from: Accumulator): void {
  for (const kind of ['missing', 'nan'] as const) {
    const added = from[kind];
    if (added === undefined) continue;
    const counts = into[kind];
    if (counts === undefined) into[kind] = added;
    else addAll(counts, added);
  }
}

function addAll(sums: NumericValues, added: NumericValues): void {
  // Numbers with numbers, bigints with bigints: TypeScript can't say so of two arrays at once.
  const [to, from] = [sums as Float64Array, added as Float64Array];
  for (let cell = 0; cell < to.length; cell++) to[cell] += from[cell];
}

function takeBetter({ operation, extremes }: Accumulator, from: Accumulator): void {
  const [to, other] = [extremes as Float64Array, from.extremes as Float64Array];
  for (let cell = 0; cell < to.length; cell++) {
    if (operation === 'min' ? other[cell] < to[cell] : other[cell] > to[cell]) to[cell] = other[cell];
  }
}

/**
 * Merges mean and squares into a part of the cells, from cell `origin` on (Chan, Golub and LeVeque 1979, eq. 2.1).
 * Counts of elements left out are added; `total` is left to the caller.
 */
export function mergeMoments(into: Accumulator, from: Accumulator, origin: readonly number[]): void {
  const merged = into.merged!;
  const [means, squares] = [into.means!, into.squares!];
  if (from.missing !== undefined) {
    into.missing ??= into.memory.zeros('float64', elementCount(into.shape)) as Float64Array;
  }
  const mergeRow = (at: number, start: number, length: number): void => {
    if (mergeByKernel(into, from, at, start, length)) return;
    for (let i = at, cell = start; i < at + length; i++, cell++) {
      if (from.missing !== undefined) into.missing![cell] += from.missing[i];
      if (from.nan !== undefined) into.nan![cell] += from.nan[i];
      const added = countAt(from, i);
      if (added === 0) continue;
      const count = merged[cell] + added;
      const difference = from.means![i] - means[cell];
      squares[cell] += from.squares![i] + difference * difference * ((merged[cell] * added) / count);
      means[cell] += difference * (added / count);
      merged[cell] = count;
    }
  };
  const kept = from.shape.map(() => false);
  visitRows(from.shape, kept, into.shape, origin, { spread: mergeRow, gather: mergeRow });
}
