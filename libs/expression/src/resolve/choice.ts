import type { IndexRange } from '@hyperslab/array';
import { runFrom } from '../operations/take/indices.ts';
import type { MatchedRange } from './match-coordinate.ts';

/** So many reads are joined; more runs of indices than these are gathered by one node. */
const mostRuns = 16;

/** Indices along a dimension in the order of the result: few runs, or each by itself. */
export type Choice = { ranges: MatchedRange[]; drop: boolean } | { indices: number[] };

/** One index, whose dimension goes. */
export function oneIndex(index: number): Choice {
  return { ranges: [{ range: { start: index, count: 1, step: 1 }, shift: 0 }], drop: true };
}

/** One run. */
export function oneRun(range: IndexRange): Choice {
  return { ranges: [{ range, shift: 0 }], drop: false };
}

/** Indices in any order, of which each may come again. */
export function listedIndices(indices: number[]): Choice {
  if (indices.length === 0) return oneRun({ start: 0, count: 0, step: 1 });
  const runs: MatchedRange[] = [];
  for (let at = 0; at < indices.length && runs.length <= mostRuns; ) {
    const range = runFrom(indices, at);
    runs.push({ range, shift: 0 });
    at += range.count;
  }
  // What is read goes up.
  const isRead = runs.length <= mostRuns && runs.every(({ range }) => range.step > 0);
  return isRead ? { ranges: runs, drop: false } : { indices };
}
