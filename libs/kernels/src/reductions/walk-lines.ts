/** How far a step along each dimension of a tile goes in an array beside it; 0 where its element stays the same. */
export type Strides = readonly number[];

/**
 * A line of a tile: `length` neighbours along one dimension. For each array that is walked through, `at` says where its
 * first element is, and `step` how far its next. Both are written anew for each line.
 */
export type LineVisitor = (at: readonly number[], step: readonly number[], length: number) => void;

/** Lines of cells are cut to so many, and all of a tile that goes to these is visited first: the cache still has them. */
const longestLine = 4096;

/**
 * Visits a tile of `shape` line by line, together with arrays beside it (the cells that elements go to, other operands), so
 * that the elements of each cell come in row-major order. Dimensions are joined where all arrays go on evenly from one to
 * the next.
 *
 * @param arrays strides of each array, along each dimension of the tile; the second is that of cells
 * @param starts where the tile's first element is in each array
 */
export function walkLines(
  shape: readonly number[],
  arrays: readonly Strides[],
  starts: readonly number[],
  visit: LineVisitor,
): void {
  if (shape.includes(0)) return;
  const axes = joinAxes(shape, arrays);
  const inner = axes.pop() ?? { length: 1, steps: arrays.map(() => 0) };
  const longest = inner.steps[1] === 0 || axes.length === 0 ? inner.length : longestLine;
  for (let begin = 0; begin < inner.length; begin += longest) {
    const at = starts.map((start, array) => start + begin * inner.steps[array]);
    const length = Math.min(longest, inner.length - begin);
    walkAxes(axes, 0, at, () => visit(at, inner.steps, length));
  }
}

interface Axis {
  length: number;
  steps: number[];
}

/** Visits every index along dimensions, in row-major order; `at` says where each array is. */
export function walkAxes(axes: readonly Axis[], depth: number, at: number[], visit: () => void): void {
  if (depth === axes.length) {
    visit();
    return;
  }
  const { length, steps } = axes[depth];
  for (let i = 0; i < length; i++) {
    walkAxes(axes, depth + 1, at, visit);
    for (let array = 0; array < at.length; array++) at[array] += steps[array];
  }
  for (let array = 0; array < at.length; array++) at[array] -= length * steps[array];
}

/** Dimensions of more than one index, joined where all arrays go on evenly from one to the next. */
export function joinAxes(shape: readonly number[], arrays: readonly Strides[]): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const steps = arrays.map((strides) => strides[axis]);
    const last = axes.at(-1);
    if (last?.steps.every((step, array) => step === steps[array] * length))
      axes[axes.length - 1] = { length: last.length * length, steps };
    else axes.push({ length, steps });
  });
  return axes;
}
