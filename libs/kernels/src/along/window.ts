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

/** What holds the elements of one window, by their index among the values that are given. */
export interface MovingWindow {
  enter(index: number): void;
  leave(index: number): void;
}

/** Moves a window, empty at first, along the values that are given, and visits the places of all that are wanted. */
export function moveWindow(windows: Windows, window: MovingWindow, visit: (place: number) => void): void {
  const { start, first, count } = windows;
  let [begun, ended] = [start, start];
  for (let place = 0; place < count; place++) {
    const [low, high] = windowOf(windows, first + place);
    for (; begun < Math.min(low, ended); begun++) window.leave(begun - start);
    // What lies before the first window never was in one.
    begun = Math.max(begun, low);
    ended = Math.max(ended, low);
    for (; ended <= high; ended++) window.enter(ended - start);
    visit(place);
  }
}
