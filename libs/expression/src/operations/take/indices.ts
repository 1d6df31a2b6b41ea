import type { IndexRange } from '@hyperslab/array';

/** Indices in any order as runs, three numbers each: first, step (0 where one is repeated), count. Long lists are often few runs. */
export type Runs = readonly number[];

/** Runs of indices. */
export function runsOf(indices: ArrayLike<number>): Runs {
  const runs: number[] = [];
  for (let at = 0; at < indices.length; ) {
    const { start, step, count } =
      indices[at + 1] === indices[at] ? repeatFrom(indices, at) : runFrom(indices, at);
    runs.push(start, step, count);
    at += count;
  }
  return runs;
}

/** How often an index is repeated from a place of the list on. */
function repeatFrom(indices: ArrayLike<number>, at: number): IndexRange {
  let count = 1;
  while (indices[at + count] === indices[at]) count++;
  return { start: indices[at], step: 0, count };
}

/** The longest run of one step, up or down, that begins at a place of the list. */
export function runFrom(indices: ArrayLike<number>, at: number): IndexRange {
  const start = indices[at];
  const step = indices[at + 1] - start;
  if (Number.isNaN(step) || step === 0) return { start, count: 1, step: 1 };
  let count = 2;
  while (indices[at + count] - indices[at + count - 1] === step) count++;
  return { start, count, step };
}

const expanded = new WeakMap<Runs, Float64Array>();

/** The indices of runs; remembered with them. */
export function indicesOf(runs: Runs): Float64Array {
  let indices = expanded.get(runs);
  if (indices === undefined) {
    indices = new Float64Array(runs.reduce((sum, count, i) => (i % 3 === 2 ? sum + count : sum), 0));
    let at = 0;
    for (let i = 0; i < runs.length; i += 3)
      for (let each = 0; each < runs[i + 2]; each++) indices[at++] = runs[i] + each * runs[i + 1];
    expanded.set(runs, indices);
  }
  return indices;
}

/** A stretch of indices that is read as one. */
export interface Stretch {
  start: number;
  count: number;
}

/** Stretches that hold all of some indices, in order: gaps of more than `reach` are left out. */
export function stretchesOf(indices: Float64Array, reach: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const index of indices.toSorted()) {
    const last = stretches.at(-1);
    if (last !== undefined && index - (last.start + last.count) < reach)
      last.count = Math.max(last.count, index - last.start + 1);
    else stretches.push({ start: index, count: 1 });
  }
  return stretches;
}
