/**
 * Values folded within blocks of the length of a window, forwards from the first of each block and backwards from its
 * last: a window is the end of one block and the beginning of the next, so it takes two values, whatever its length, and
 * nothing is ever taken off a sum again. Blocks count from the first index of the dimension, so that a window comes
 * out the same in whatever part it is computed.
 */
export interface Folds {
  /** Numbers that are neither missing nor NaN. */
  counts: Float64Array;
  /** Sums, extremes or means. */
  values: Float64Array;
  /** Sums of squared differences from the mean, of moments. */
  squares: Float64Array;
}

/** Whether extremes are wanted, and which; sums; or means with their squares. */
export type FoldKind = 'sum' | 'min' | 'max' | 'moments';

export function createFolds(elements: number, kind: FoldKind): Folds {
  return {
    counts: new Float64Array(elements),
    values: new Float64Array(elements),
    squares: new Float64Array(kind === 'moments' ? elements : 0),
  };
}

/**
 * Folds columns that lie side by side: element i of column j is at i * width + j.
 *
 * @param step 1 for forwards, -1 for backwards
 * @param isFirst whether the fold begins anew at a row
 */
export function foldColumns(
  { counts, values, squares }: Folds,
  kind: FoldKind,
  from: Float64Array,
  length: number,
  width: number,
  step: 1 | -1,
  isFirst: (row: number) => boolean,
): void {
  const fold = { sum: foldSums, min: foldLeast, max: foldMost, moments: foldMoments }[kind];
  for (let i = 0; i < length; i++) {
    const row = step === 1 ? i : length - 1 - i;
    const at = row * width;
    if (i === 0 || isFirst(row)) begin(counts, values, squares, from, at, width);
    else fold(counts, values, squares, from, at, width, at - step * width);
  }
}

function begin(
  counts: Float64Array,
  values: Float64Array,
  squares: Float64Array,
  from: Float64Array,
  at: number,
  width: number,
): void {
  for (let i = at; i < at + width; i++) {
    const value = from[i];
    const isNumber = !Number.isNaN(value);
    counts[i] = isNumber ? 1 : 0;
    values[i] = isNumber ? value : 0;
  }
  if (squares.length > 0) squares.fill(0, at, at + width);
}

type Fold = (
  counts: Float64Array,
  values: Float64Array,
  squares: Float64Array,
  from: Float64Array,
  at: number,
  width: number,
  previous: number,
) => void;

const foldSums: Fold = (counts, values, _squares, from, at, width, previous) => {
  for (let j = 0; j < width; j++) {
    const value = from[at + j];
    const isNumber = !Number.isNaN(value);
    counts[at + j] = counts[previous + j] + (isNumber ? 1 : 0);
    values[at + j] = isNumber ? values[previous + j] + value : values[previous + j];
  }
};

const foldLeast: Fold = (counts, values, _squares, from, at, width, previous) => {
  for (let j = 0; j < width; j++) {
    const value = from[at + j];
    const count = counts[previous + j];
    const known = values[previous + j];
    counts[at + j] = count + (!Number.isNaN(value) ? 1 : 0);
    values[at + j] = value < known || (count === 0 && !Number.isNaN(value)) ? value : known;
  }
};

const foldMost: Fold = (counts, values, _squares, from, at, width, previous) => {
  for (let j = 0; j < width; j++) {
    const value = from[at + j];
    const count = counts[previous + j];
    const known = values[previous + j];
    counts[at + j] = count + (!Number.isNaN(value) ? 1 : 0);
    values[at + j] = value > known || (count === 0 && !Number.isNaN(value)) ? value : known;
  }
};

const foldMoments: Fold = (counts, values, squares, from, at, width, previous) => {
  for (let j = 0; j < width; j++) {
    const value = from[at + j];
    const count = counts[previous + j];
    const mean = values[previous + j];
    const square = squares[previous + j];
    if (!Number.isNaN(value)) {
      const difference = value - mean;
      const next = mean + difference / (count + 1);
      counts[at + j] = count + 1;
      values[at + j] = next;
      squares[at + j] = square + difference * (value - next);
    } else {
      counts[at + j] = count;
      values[at + j] = mean;
      squares[at + j] = square;
    }
  }
};

/** Copies a row of folds. */
export function copyFold(to: Folds, at: number, from: Folds, place: number, width: number): void {
  to.counts.set(from.counts.subarray(place, place + width), at);
  to.values.set(from.values.subarray(place, place + width), at);
  if (to.squares.length > 0) to.squares.set(from.squares.subarray(place, place + width), at);
}

/** Joins a row of one with a row of another, whose elements come after. */
export function joinFolds(
  kind: FoldKind,
  to: Folds,
  at: number,
  first: Folds,
  from: number,
  second: Folds,
  place: number,
  width: number,
): void {
  const join = { sum: joinSums, min: joinLeast, max: joinMost, moments: joinMoments }[kind];
  join(to, at, first, from, second, place, width);
}

type Join = (
  to: Folds,
  at: number,
  first: Folds,
  from: number,
  second: Folds,
  place: number,
  width: number,
) => void;

const joinSums: Join = ({ counts, values }, at, first, from, second, place, width) => {
  for (let j = 0; j < width; j++) {
    counts[at + j] = first.counts[from + j] + second.counts[place + j];
    values[at + j] = first.values[from + j] + second.values[place + j];
  }
};

const joinLeast: Join = ({ counts, values }, at, first, from, second, place, width) => {
  for (let j = 0; j < width; j++) {
    const a = first.values[from + j];
    const b = second.values[place + j];
    const isFirst = second.counts[place + j] === 0 || (first.counts[from + j] > 0 && a < b);
    counts[at + j] = first.counts[from + j] + second.counts[place + j];
    values[at + j] = isFirst ? a : b;
  }
};

const joinMost: Join = ({ counts, values }, at, first, from, second, place, width) => {
  for (let j = 0; j < width; j++) {
    const a = first.values[from + j];
    const b = second.values[place + j];
    const isFirst = second.counts[place + j] === 0 || (first.counts[from + j] > 0 && a > b);
    counts[at + j] = first.counts[from + j] + second.counts[place + j];
    values[at + j] = isFirst ? a : b;
  }
};

const joinMoments: Join = ({ counts, values, squares }, at, first, from, second, place, width) => {
  for (let j = 0; j < width; j++) {
    const a = first.counts[from + j];
    const b = second.counts[place + j];
    const count = a + b;
    const difference = second.values[place + j] - first.values[from + j];
    const share = count === 0 ? 0 : b / count;
    counts[at + j] = count;
    values[at + j] = first.values[from + j] + difference * share;
    squares[at + j] =
      first.squares[from + j] + second.squares[place + j] + difference * difference * a * share;
  }
};
