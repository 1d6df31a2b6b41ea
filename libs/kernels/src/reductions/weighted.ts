import { elementCount, type MaskedArray, type NumberArray, type NumericType } from '@hyperslab/array';
import { asNumbers, convert } from '../convert.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';
import { gatherLine, lineSums } from './weighted-line.ts';
import { addWeightedRows } from './weighted-rows.ts';

const names = ['weighted_mean', 'weighted_sum', 'weighted_std', 'weighted_var'] as const;
type Name = (typeof names)[number];
export const weightedNames: readonly Name[] = names;

/** Whether there is a reduction of that name with weights. */
export function isWeightable(name: string): boolean {
  return names.some((each) => each === `weighted_${name}`);
}

/** Of each cell, in the order in which they travel. */
interface State {
  /** Sum of the weights of what is counted. */
  weights: Float64Array;
  /** Sum of weight times value; of std and var the mean. */
  firsts: Float64Array;
  /** Of std and var: sum of weight times squared difference from the mean. */
  squares: Float64Array;
  /** What was met: 0 nothing but missing values, 1 NaN, 2 a number. */
  met: Uint8Array;
}

/**
 * Mean, sum, standard deviation and variance of elements with weights, each the product of what the other operands have for
 * it, in float64; the type is that of the elements if it is floating, else float64. Elements that are missing or NaN, or whose
 * weight is, are left out. The variance is divided by the sum of the weights.
 */
export function weightedKind(name: Name): ReductionKind {
  const resultType = (dtype: NumericType) => reductionType('mean', dtype);
  const hasSquares = name === 'weighted_std' || name === 'weighted_var';
  return {
    addsBy: 'lines',
    resultType,
    cellBytes: () => 25,
    create(request) {
      const { shape, memory } = request;
      const cells = elementCount(shape);
      const zeros = (count: number) => memory.zeros('float64', count) as Float64Array;
      const met = memory.zeros('uint8', cells) as Uint8Array;
      const squares = zeros(hasSquares ? cells : 0);
      return new WeightedReduction(name, request, {
        weights: zeros(cells),
        firsts: zeros(cells),
        squares,
        met,
      });
    },
    fromArrays(request, arrays) {
      const cells = elementCount(request.shape);
      const [weights, firsts, squares, met] = stateValues(name, arrays, [
        ['float64', cells],
        ['float64', cells],
        ['float64', hasSquares ? cells : 0],
        ['uint8', cells],
      ]);
      return new WeightedReduction(name, request, { weights, firsts, squares, met } as State);
    },
  };
}

class WeightedReduction implements PartialReduction {
  readonly name: Name;
  readonly request: Omit<ReductionRequest, 'total'>;
  readonly state: State;

  constructor(name: Name, request: Omit<ReductionRequest, 'total'>, state: State) {
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
    const ws = others.map(({ array }) => asNumbers(array));
    const place = { tile, others, axes, shape, origin };
    if (!this.#hasSquares() && addWeightedRows(place, this.state)) return;
    walkTile(place, (at, step, length) => {
      if (this.#hasSquares() || step[1] !== 0 || !this.#gather(x, ws, at, step, length))
        this.#spread(x, ws, at, step, length);
    });
  }

  /** Adds a line to one cell. False, and nothing done, where its weights are no numbers beside each other, or one for all, which is finite. */
  #gather(
    x: MaskedArray,
    ws: readonly MaskedArray[],
    at: readonly number[],
    step: readonly number[],
    length: number,
  ): boolean {
    if (step[0] !== 1 && length > 1) return false;
    let factor = 1;
    let weights: Float64Array | undefined;
    let weightsAt = 0;
    for (const [i, { values, mask }] of ws.entries()) {
      const place = at[i + 2];
      if (step[i + 2] === 0) {
        if (mask?.[place]) return true;
        factor *= values[place] as number;
      } else if (weights === undefined && step[i + 2] === 1 && values instanceof Float64Array && !mask) {
        weights = values;
        weightsAt = place;
      } else return false;
    }
    // Infinity times what is left out, or weighs nothing, would be NaN.
    if (!Number.isFinite(factor)) return false;
    const { mask, dtype } = x;
    const line = { x: x.values as NumberArray, at: at[0], length, mask, weights, weightsAt };
    const met = gatherLine(dtype as NumericType, line);
    const { state } = this;
    const cell = at[1];
    state.firsts[cell] += factor * lineSums[0];
    state.weights[cell] += factor * lineSums[1];
    state.met[cell] = Math.max(state.met[cell], met & 2 || met);
    return true;
  }

  /** Adds a line element by element. */
  #spread(
    x: MaskedArray,
    ws: readonly MaskedArray[],
    at: readonly number[],
    step: readonly number[],
    length: number,
  ): void {
    const { weights, firsts, squares, met } = this.state;
    const { product, missing } = productLine(ws, at, step, length);
    const loop = weightedLoop(`${this.#hasSquares() ? 'addSquares' : 'addSums'} ${x.dtype}`);
    loop(
      [x.values, x.mask, at[0], step[0]],
      [product, missing, 0, 1],
      [weights, firsts, squares, met, at[1], step[1]],
      length,
    );
  }

  /** Of squares: Chan, Golub and LeVeque 1979, eq. 2.1, with weights for counts. */
  merge({ state: from }: WeightedReduction): void {
    const into = this.state;
    for (let cell = 0; cell < into.met.length; cell++) {
      into.met[cell] = Math.max(into.met[cell], from.met[cell]);
      if (!this.#hasSquares()) {
        into.weights[cell] += from.weights[cell];
        into.firsts[cell] += from.firsts[cell];
        continue;
      }
      const added = from.weights[cell];
      if (added === 0) continue;
      const before = into.weights[cell];
      const weight = before + added;
      const difference = from.firsts[cell] - into.firsts[cell];
      into.squares[cell] += from.squares[cell] + difference * difference * ((before * added) / weight);
      into.firsts[cell] += difference * (added / weight);
      into.weights[cell] = weight;
    }
  }

  toArrays(): MaskedArray[] {
    const { weights, firsts, squares, met } = this.state;
    return [
      ...[weights, firsts, squares].map((each) => stateArray('float64', each)),
      stateArray('uint8', met),
    ];
  }

  finish(): MaskedArray {
    const { shape, dtype } = this.request;
    const { met } = this.state;
    const values = new Float64Array(met.length);
    let mask: Uint8Array | undefined;
    for (let cell = 0; cell < met.length; cell++) {
      values[cell] = met[cell] === 2 ? this.#valueAt(cell) : Number.NaN;
      if (met[cell] !== 0) continue;
      mask ??= new Uint8Array(met.length);
      mask[cell] = 1;
    }
    const type = reductionType('mean', dtype);
    return { dtype: type, shape: [...shape], values: convert(values, 'float64', type), mask };
  }

  #valueAt(cell: number): number {
    const { weights, firsts, squares } = this.state;
    if (this.name === 'weighted_sum') return firsts[cell];
    if (this.name === 'weighted_mean') return firsts[cell] / weights[cell];
    const variance = squares[cell] / weights[cell];
    return this.name === 'weighted_std' ? Math.sqrt(variance) : variance;
  }

  #hasSquares(): boolean {
    return this.name === 'weighted_std' || this.name === 'weighted_var';
  }
}

/** The product of several weights along a line, and where one is missing. */
function productLine(
  ws: readonly MaskedArray[],
  at: readonly number[],
  step: readonly number[],
  length: number,
): { product: Float64Array; missing: Uint8Array | undefined } {
  const product = new Float64Array(length).fill(1);
  const missing = ws.some(({ mask }) => mask !== undefined) ? new Uint8Array(length) : undefined;
  ws.forEach(({ values, mask }, which) => {
    const [start, each] = [at[which + 2], step[which + 2]];
    for (let i = 0; i < length; i++) {
      const place = start + i * each;
      product[i] *= values[place] as number;
      if (mask !== undefined) missing![i] |= mask[place];
    }
  });
  return { product, missing };
}

type Line = [values: NumberArray, mask: Uint8Array | undefined, at: number, step: number];
type Cells = [
  weights: Float64Array,
  firsts: Float64Array,
  squares: Float64Array,
  met: Uint8Array,
  at: number,
  step: number,
];

function addSums(
  [x, maskX, x0, stepX]: Line,
  [w, maskW, w0, stepW]: Line,
  [weights, firsts, , met, cell0, cellStep]: Cells,
  length: number,
): void {
  for (let i = 0, p = x0, q = w0, cell = cell0; i < length; i++, p += stepX, q += stepW, cell += cellStep) {
    if ((maskX !== undefined && maskX[p] !== 0) || (maskW !== undefined && maskW[q] !== 0)) continue;
    const product = x[p] * w[q];
    if (Number.isNaN(product) && (Number.isNaN(x[p]) || Number.isNaN(w[q]))) {
      if (met[cell] === 0) met[cell] = 1;
      continue;
    }
    weights[cell] += w[q];
    firsts[cell] += product;
    met[cell] = 2;
  }
}

/** West's update for each element (1979), which is Welford's with weights. */
function addSquares(
  [x, maskX, x0, stepX]: Line,
  [w, maskW, w0, stepW]: Line,
  [weights, firsts, squares, met, cell0, cellStep]: Cells,
  length: number,
): void {
  for (let i = 0, p = x0, q = w0, cell = cell0; i < length; i++, p += stepX, q += stepW, cell += cellStep) {
    if ((maskX !== undefined && maskX[p] !== 0) || (maskW !== undefined && maskW[q] !== 0)) continue;
    const value = x[p];
    const weight = w[q];
    if (Number.isNaN(value) || Number.isNaN(weight)) {
      if (met[cell] === 0) met[cell] = 1;
      continue;
    }
    met[cell] = 2;
    if (weight === 0) continue;
    const total = weights[cell] + weight;
    const difference = value - firsts[cell];
    const moved = (difference * weight) / total;
    firsts[cell] += moved;
    squares[cell] += weights[cell] * difference * moved;
    weights[cell] = total;
  }
}

const loops = { addSums, addSquares };
const weightedLoop = remembered(
  (key) => specialise(loops[key.split(' ')[0] as keyof typeof loops]) as (...parameters: unknown[]) => void,
);
