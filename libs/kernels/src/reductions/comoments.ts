import { elementCount, type MaskedArray, type NumberArray, type NumericType } from '@hyperslab/array';
import { asNumbers, convert } from '../convert.ts';
import { promote } from '../promotion.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

/** Numbers of a cell, in the order in which they travel. `x` is the reduced array, `y` the other one. */
const names = ['count', 'meanX', 'meanY', 'squaresX', 'squaresY', 'products'] as const;
type Moments = Record<(typeof names)[number], Float64Array>;

interface State extends Moments {
  /** 1 where neither of a pair was missing, but one NaN. */
  nan: Uint8Array;
}

type Finisher = (moments: Moments, cell: number, parameters: ReductionRequest['parameters']) => number;

/** What is made of the moments of a cell of at least one pair; NaN where they are of too few. */
const finishers = {
  covariance: ({ products, count }, cell, { ddof = 0 }) => {
    const freedom = count[cell] - Number(ddof);
    return freedom > 0 ? products[cell] / freedom : Number.NaN;
  },
  correlation: ({ products, squaresX, squaresY }, cell) => {
    const correlation = products[cell] / (Math.sqrt(squaresX[cell]) * Math.sqrt(squaresY[cell]));
    return Math.max(-1, Math.min(1, correlation));
  },
  slope: ({ products, squaresY }, cell) => products[cell] / squaresY[cell],
  intercept: ({ products, squaresY, meanX, meanY }, cell) =>
    meanX[cell] - (products[cell] / squaresY[cell]) * meanY[cell],
} satisfies Record<string, Finisher>;

/**
 * Reductions of pairs of elements, of two arrays: covariance (divided by n less the parameter `ddof`), Pearson's
 * correlation, and of the least-squares line of the first array over the second its slope and its value at 0. Pairs with
 * something missing or NaN are left out. Float64 within; the type is that of both arrays if floating, else float64.
 */
export function comomentsKind(name: keyof typeof finishers): ReductionKind {
  const resultType: ReductionKind['resultType'] = (dtype, [other]) =>
    reductionType('mean', name === 'slope' || name === 'intercept' ? dtype : promote(dtype, other));
  const make = (request: Omit<ReductionRequest, 'total'>, state: State) =>
    new ComomentsReduction(
      name,
      { ...request, resultType: resultType(request.dtype, request.otherTypes, {}) },
      state,
    );
  return {
    resultType,
    cellBytes: () => 8 * names.length + 1,
    create: (request) => {
      const { shape, memory } = request;
      const cells = elementCount(shape);
      const moments = names.map((each) => [each, memory.zeros('float64', cells)]);
      return make(request, { ...Object.fromEntries(moments), nan: memory.zeros('uint8', cells) } as State);
    },
    fromArrays: (request, arrays) => {
      const cells = elementCount(request.shape);
      const expected = names.map(() => ['float64', cells] as const);
      const values = stateValues(name, arrays, [...expected, ['uint8', cells]]);
      return make(
        request,
        Object.fromEntries([...names, 'nan'].map((each, i) => [each, values[i]])) as never,
      );
    },
  };
}

class ComomentsReduction implements PartialReduction {
  readonly name: keyof typeof finishers;
  readonly request: Omit<ReductionRequest, 'total'> & { resultType: NumericType };
  readonly state: State;

  constructor(name: keyof typeof finishers, request: ComomentsReduction['request'], state: State) {
    this.name = name;
    this.request = request;
    this.state = state;
  }

  add(
    tile: MaskedArray,
    others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    const { shape } = this.request;
    const x = asNumbers(tile);
    const y = asNumbers(others[0].array);
    const { count, meanX, meanY, squaresX, squaresY, products, nan } = this.state;
    const types = `${x.dtype} ${y.dtype}`;
    const [spread, gather] = [pairLoop(`spread ${types}`), pairLoop(`gather ${types}`)];
    walkTile({ tile, others, axes, shape, origin }, (at, step, length) =>
      (step[1] === 0 ? gather : spread)(
        [x.values, at[0], step[0]],
        [y.values, at[2], step[2]],
        [count, meanX, meanY, squaresX, squaresY, products, nan, at[1], step[1]],
        length,
      ),
    );
  }

  /** Chan, Golub and LeVeque 1979, eq. 2.1, for products of differences too. */
  merge({ state: from }: ComomentsReduction): void {
    const into = this.state;
    for (let cell = 0; cell < into.count.length; cell++) {
      into.nan[cell] |= from.nan[cell];
      const added = from.count[cell];
      if (added === 0) continue;
      const before = into.count[cell];
      const count = before + added;
      const x = from.meanX[cell] - into.meanX[cell];
      const y = from.meanY[cell] - into.meanY[cell];
      const share = (before * added) / count;
      into.squaresX[cell] += from.squaresX[cell] + x * x * share;
      into.squaresY[cell] += from.squaresY[cell] + y * y * share;
      into.products[cell] += from.products[cell] + x * y * share;
      into.meanX[cell] += x * (added / count);
      into.meanY[cell] += y * (added / count);
      into.count[cell] = count;
    }
  }

  toArrays(): MaskedArray[] {
    return [
      ...names.map((name) => stateArray('float64', this.state[name])),
      stateArray('uint8', this.state.nan),
    ];
  }

  finish(): MaskedArray {
    const { shape, parameters, resultType } = this.request;
    const cells = this.state.count.length;
    const values = new Float64Array(cells);
    let mask: Uint8Array | undefined;
    for (let cell = 0; cell < cells; cell++) {
      if (this.state.count[cell] > 0) values[cell] = finishers[this.name](this.state, cell, parameters);
      else if (this.state.nan[cell] === 1) values[cell] = Number.NaN;
      else {
        mask ??= new Uint8Array(cells);
        mask[cell] = 1;
      }
    }
    return { dtype: resultType, shape: [...shape], values: convert(values, 'float64', resultType), mask };
  }
}

type Line = [values: NumberArray, at: number, step: number];
type Cells = [
  count: Float64Array,
  meanX: Float64Array,
  meanY: Float64Array,
  squaresX: Float64Array,
  squaresY: Float64Array,
  products: Float64Array,
  nan: Uint8Array,
  at: number,
  step: number,
];

/** Welford's update for each pair, which is exact for constants. */
function spreadPairs(
  [x, x0, stepX]: Line,
  [y, y0, stepY]: Line,
  [count, meanX, meanY, squaresX, squaresY, products, nan, cell0, cellStep]: Cells,
  length: number,
): void {
  // Neighbours are of as many pairs as a rule: then they need no division each.
  let known = 1;
  let share = 1;
  for (let i = 0, p = x0, q = y0, cell = cell0; i < length; i++, p += stepX, q += stepY, cell += cellStep) {
    const a = x[p];
    const b = y[q];
    if (Number.isNaN(a) || Number.isNaN(b)) {
      nan[cell] = 1;
      continue;
    }
    const n = count[cell] + 1;
    if (n !== known) {
      known = n;
      share = 1 / n;
    }
    count[cell] = n;
    const fromX = a - meanX[cell];
    const fromY = b - meanY[cell];
    const x1 = meanX[cell] + fromX * share;
    const y1 = meanY[cell] + fromY * share;
    meanX[cell] = x1;
    meanY[cell] = y1;
    squaresX[cell] += fromX * (a - x1);
    squaresY[cell] += fromY * (b - y1);
    products[cell] += fromX * (b - y1);
  }
}

/**
 * Pairs of one cell: their own moments in two passes, merged as `merge` does. Differences are from the first pair, so that they are
 * exact for constants. (Variables are declared one by one: those of a pattern are no plain numbers to V8.)
 */
function gatherPairs(
  [x, x0, stepX]: Line,
  [y, y0, stepY]: Line,
  [count, meanX, meanY, squaresX, squaresY, products, nan, cell]: Cells,
  length: number,
): void {
  let n = 0;
  let firstX = 0;
  let firstY = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0, p = x0, q = y0; i < length; i++, p += stepX, q += stepY) {
    const a = x[p];
    const b = y[q];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    if (n === 0) {
      firstX = a;
      firstY = b;
    }
    n++;
    sumX += a - firstX;
    sumY += b - firstY;
  }
  if (n < length) nan[cell] = 1;
  if (n === 0) return;
  const ownX = firstX + sumX / n;
  const ownY = firstY + sumY / n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0, p = x0, q = y0; i < length; i++, p += stepX, q += stepY) {
    const valueX = x[p];
    const valueY = y[q];
    if (Number.isNaN(valueX) || Number.isNaN(valueY)) continue;
    const a = valueX - ownX;
    const b = valueY - ownY;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const total = count[cell] + n;
  const fromX = ownX - meanX[cell];
  const fromY = ownY - meanY[cell];
  const share = (count[cell] * n) / total;
  squaresX[cell] += xx + fromX * fromX * share;
  squaresY[cell] += yy + fromY * fromY * share;
  products[cell] += xy + fromX * fromY * share;
  meanX[cell] += fromX * (n / total);
  meanY[cell] += fromY * (n / total);
  count[cell] = total;
}

const pairLoop = remembered(
  (key) =>
    specialise(key.startsWith('spread') ? spreadPairs : gatherPairs) as (...parameters: unknown[]) => void,
);
