import {
  type BigIntArray,
  elementCount,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import { asNumbers, convert } from '../convert.ts';
import { remembered, specialise } from '../specialise.ts';
import { divideByKernel } from '../wasm/finish.ts';
import { openRegion } from '../wasm/region.ts';
import { withKernels } from '../wasm/row-loop.ts';
import {
  type Accumulator,
  carrySums,
  countAt,
  createAccumulator,
  exactSummands,
  type Reduction,
  reductionType,
} from './accumulator.ts';
import { mergeMoments } from './combine.ts';
import { visitRows } from './layout.ts';
import { loops } from './loops.ts';
import { windowLoops } from './window-loops.ts';

/**
 * Adds a tile to a reduction. The order of elements, and with it the last bit of the result, is that of the tiles and
 * row-major within each.
 *
 * @param axes dimensions of the tile that are reduced
 * @param origin cell of the tile's first element, by the dimensions that stay
 */
export function accumulate(
  accumulator: Accumulator,
  tile: MaskedArray,
  axes: readonly number[],
  origin: readonly number[] = accumulator.shape.map(() => 0),
): void {
  const reduced = tile.shape.map((_, axis) => axes.includes(axis));
  if (tile.mask !== undefined) {
    const cells = elementCount(accumulator.shape);
    accumulator.missing ??= accumulator.memory.zeros('float64', cells) as Float64Array;
  }
  add[accumulator.operation]({ accumulator, tile, reduced, origin });
}

interface Addition {
  accumulator: Accumulator;
  tile: MaskedArray;
  reduced: boolean[];
  origin: readonly number[];
}

const add: Record<Reduction, (addition: Addition) => void> = {
  sum: addSums,
  mean: addNumbers,
  min: addExtremes,
  max: addExtremes,
  std: addMoments,
  var: addMoments,
  count: addCounts,
};

function addSums(addition: Addition): void {
  const { accumulator, tile, reduced } = addition;
  const { carried, dtype } = accumulator;
  if (isBigInt(tile.dtype)) addBigInts(addition, tile, accumulator.sums as BigIntArray);
  else if (carried === undefined) addNumbers(addition);
  else {
    const count = summands(tile, reduced);
    const exact = exactSummands(dtype);
    if (carried.pending + count > exact) carrySums(accumulator);
    if (count > exact) {
      addBigInts(addition, converted(tile, reductionType('sum', dtype)), carried.sums);
      return;
    }
    carried.pending += count;
    addNumbers(addition);
  }
}

function addNumbers({ accumulator, tile, reduced, origin }: Addition): void {
  const { sums, nan, missing, shape } = accumulator;
  const { values, mask, dtype } = asNumbers(tile);
  if (mask !== undefined) {
    const spread = loop(`spreadSumMasked ${dtype}`);
    const gather = loop(`gatherSumMasked ${dtype}`);
    const windows = loop(`windowSumMasked ${dtype}`);
    visitRows(tile.shape, reduced, shape, origin, {
      spread: (at, cell, length) => spread(values, at, length, sums, cell, nan, mask, missing),
      gather: (at, cell, length) => gather(values, at, length, sums, cell, nan, mask, missing),
      windows: (at, cell, count, length) =>
        windows(values, at, count, length, sums, cell, nan, mask, missing),
    });
    return;
  }
  const spread = loop(`spreadSum ${dtype}`);
  const gather = loop(`gatherSum ${dtype}`);
  const spreadCount = loop(`spreadCount ${dtype}`);
  const gatherCount = loop(`gatherCount ${dtype}`);
  const windows = loop(`windowSum ${dtype}`);
  visitRows(tile.shape, reduced, shape, origin, {
    windows: (at, cell, count, length) => windows(values, at, count, length, sums, cell, nan),
    spread: (at, cell, length) => {
      if (Number.isNaN(spread(values, at, length, sums, cell))) spreadCount(values, at, length, cell, nan);
    },
    gather: (at, cell, length) => {
      if (Number.isNaN(gather(values, at, length, sums, cell))) gatherCount(values, at, length, cell, nan);
    },
  });
}

function addBigInts({ accumulator, reduced, origin }: Addition, tile: MaskedArray, sums: BigIntArray): void {
  const { missing, shape } = accumulator;
  const spread = loop(`spreadBigSum ${tile.dtype}`);
  const gather = loop(`gatherBigSum ${tile.dtype}`);
  visitRows(tile.shape, reduced, shape, origin, {
    spread: (at, cell, length) => spread(tile.values, at, length, sums, cell, tile.mask, missing),
    gather: (at, cell, length) => gather(tile.values, at, length, sums, cell, tile.mask, missing),
  });
}

function summands(tile: MaskedArray, reduced: readonly boolean[]): number {
  return tile.shape.reduce((product, length, axis) => (reduced[axis] ? product * length : product), 1);
}

function converted(tile: MaskedArray, dtype: NumericType): MaskedArray {
  return { ...tile, dtype, values: convert(tile.values as NumericValues, tile.dtype, dtype) };
}

function addExtremes({ accumulator, tile, reduced, origin }: Addition): void {
  const { operation, extremes, nan, missing, shape } = accumulator;
  const { mask } = tile;
  const spread = loop(`spreadExtreme ${tile.dtype} ${operation}`);
  const gather = loop(`gatherExtreme ${tile.dtype} ${operation}`);
  const windows = loop(`windowExtreme ${tile.dtype} ${operation}`);
  visitRows(tile.shape, reduced, shape, origin, {
    windows: (at, cell, count, length) =>
      windows(tile.values, at, count, length, extremes, cell, nan, mask, missing),
    spread: (at, cell, length) => spread(tile.values, at, length, extremes, cell, nan, mask, missing),
    gather: (at, cell, length) => gather(tile.values, at, length, extremes, cell, nan, mask, missing),
  });
}

function addCounts({ accumulator, tile, reduced, origin }: Addition): void {
  const { nan, missing, shape } = accumulator;
  const { mask } = tile;
  if (mask === undefined && !isFloat(tile.dtype)) return;
  const spread = loop(`spreadCount ${tile.dtype}`);
  const gather = loop(`gatherCount ${tile.dtype}`);
  visitRows(tile.shape, reduced, shape, origin, {
    spread: (at, cell, length) => spread(tile.values, at, length, cell, nan, mask, missing),
    gather: (at, cell, length) => gather(tile.values, at, length, cell, nan, mask, missing),
  });
}

/**
 * The tile's own mean and squares in two passes over the tile, which is still in the cache; then both are merged. Exact
 * where one pass with sums of squares cancels, and faster than Welford's division for each element.
 */
function addMoments({ accumulator, tile, reduced, origin }: Addition): void {
  const shape = tile.shape.filter((_, axis) => !reduced[axis]);
  const values = asNumbers(tile);
  if (summands(tile, reduced) === 1) {
    addMomentsOfOne(accumulator, values, reduced, origin);
    return;
  }
  using region = openRegion();
  const sums = createAccumulator('mean', accumulator.dtype, shape, summands(tile, reduced), region);
  accumulate(
    sums,
    values,
    [...reduced.keys()].filter((axis) => reduced[axis]),
  );
  const means = sums.sums as Float64Array;
  if (!divideByKernel(sums, means, 0, false, 'float64', means))
    for (let cell = 0; cell < means.length; cell++) means[cell] /= countAt(sums, cell);
  const squares = region.zeros('float64', means.length) as Float64Array;
  const spread = loop(`spreadSquares ${values.dtype}`);
  const gather = loop(`gatherSquares ${values.dtype}`);
  const windows = loop(`windowSquares ${values.dtype}`);
  visitRows(
    tile.shape,
    reduced,
    shape,
    shape.map(() => 0),
    {
      spread: (at, cell, length) => spread(values.values, at, length, squares, cell, means, tile.mask),
      gather: (at, cell, length) => gather(values.values, at, length, squares, cell, means, tile.mask),
      windows: (at, cell, count, length) =>
        windows(values.values, at, count, length, squares, cell, means, tile.mask),
    },
  );
  mergeMoments(accumulator, { ...sums, means, squares }, origin);
}

/** A tile with one element for each of its cells: it is its own mean. */
function addMomentsOfOne(
  accumulator: Accumulator,
  { values, mask, shape, dtype }: MaskedArray,
  reduced: readonly boolean[],
  origin: readonly number[],
): void {
  const { merged, means, squares, nan, missing } = accumulator;
  const spread = loop(`spreadMoments ${dtype}`);
  const visit = (at: number, cell: number, length: number) =>
    spread(values, at, length, merged, means, squares, cell, nan, mask, missing);
  visitRows(shape, reduced, accumulator.shape, origin, { spread: visit, gather: visit });
}

type AnyLoop = (...parameters: unknown[]) => unknown;

const better = {
  min: (a: number, b: number) => a < b,
  max: (a: number, b: number) => a > b,
};

const allLoops = { ...loops, ...windowLoops };

/** The copy of a loop for a data type, and for `min` or `max`, that uses kernels where there are some: "spreadSum float32". */
const loop = remembered((key) => {
  const [name, dtype, operation] = key.split(' ');
  const plain = specialise(
    allLoops[name as keyof typeof allLoops],
    operation === undefined ? undefined : better[operation as keyof typeof better],
  ) as AnyLoop;
  return withKernels(name, dtype as NumericType, operation, plain);
});
