/** Where the windows of a part of a dimension lie. Indices count along the whole dimension. */
export interface Windows {
  /** Elements of a window before and after the one that it is of. */
  before: number;
  after: number;
  /** Length of the dimension: windows are cut at its ends. */
  extent: number;
  /** Index of the first element of the values that are given. */
  start: number;
  /** Indices of which windows are wanted. */
  first: number;
  count: number;
  /** Fewest elements that are neither missing nor NaN; with fewer, a window has no value. */
  least: number;
}

/** First and last element of the window of an index, cut at the ends of the dimension. */
export function windowOf({ before, after, extent }: Windows, index: number): [low: number, high: number] {
  return [Math.max(0, index - before), Math.min(extent - 1, index + after)];
}
