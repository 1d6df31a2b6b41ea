/** A strided run of indices of one dimension: start, start + step, …; `count` of them. Never reversed. */
export interface IndexRange {
  start: number;
  count: number;
  step: number;
}

/** All indices of a dimension. */
export function wholeRange(extent: number): IndexRange {
  return { start: 0, count: extent, step: 1 };
}

/** All of a shape. */
export function wholeSelection(shape: readonly number[]): IndexRange[] {
  return shape.map(wholeRange);
}

/** Last index of a range that is not empty. */
export function lastIndex(range: IndexRange): number {
  return range.start + (range.count - 1) * range.step;
}

/** `inner` counted within `outer`, as a range of what `outer` counts in. */
export function composeRanges(outer: IndexRange, inner: IndexRange): IndexRange {
  return { start: outer.start + inner.start * outer.step, count: inner.count, step: outer.step * inner.step };
}

/**
 * The indices of `range` that fall into [begin, end): `first` and `count` say which of the range's own they are.
 * The count is 0 when none does.
 */
export function clipRange(range: IndexRange, begin: number, end: number): { first: number; count: number } {
  const first = Math.max(0, Math.ceil((begin - range.start) / range.step));
  const afterLast = Math.min(range.count, Math.ceil((end - range.start) / range.step));
  return { first, count: Math.max(0, afterLast - first) };
}

/** Throws RangeError, naming the dimension, when a range leaves [0, extent). An empty range is allowed anywhere in it. */
export function assertWithin(range: IndexRange, extent: number, dimension: string): void {
  const { start, count, step } = range;
  const exact = [start, count, step].every(Number.isSafeInteger);
  if (
    !exact ||
    start < 0 ||
    count < 0 ||
    step < 1 ||
    start > extent ||
    (count > 0 && lastIndex(range) >= extent)
  ) {
    throw new RangeError(
      `index range ${start}:${step}:${count > 0 ? lastIndex(range) : start} is outside dimension "${dimension}" of length ${extent}`,
    );
  }
}
