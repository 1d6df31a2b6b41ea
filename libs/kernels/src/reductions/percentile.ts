import {
  elementCount,
  isBigInt,
  itemSize,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { convert } from '../convert.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { remembered, specialise } from '../specialise.ts';
import { largestTotal, percentileResult, percentilesOf } from './percentiles.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { percentilesIn } from './select-smallest.ts';
import { corruptState, stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

type Request = Omit<ReductionRequest, 'total'>;

interface State {
  /** Value k of a cell is at k * cells + cell: what a row of a tile adds to a row of cells lies together. */
  values: NumberArray;
  counts: Int32Array;
  nan: Uint8Array;
}

/**
 * Exact percentiles, as numpy's linear method. All values of a cell are held until the end, so blocks should have all that is
 * reduced. Floating types stay, others give float64. Missing and NaN are left out.
 */
export const percentileKind: ReductionKind = {
  resultType: (dtype) => reductionType('mean', dtype),
  cellBytes: (dtype, total, parameters) =>
    total * itemSize(heldType(dtype)) + 8 * percentilesOf(parameters).list.length,
  holdsAll: true,
  create: (request) => {
    const cells = elementCount(request.shape);
    const most = largestTotal(request.total, cells);
    return new PercentileReduction(request, {
      values: request.memory.array(heldType(request.dtype), cells * most) as NumberArray,
      counts: request.memory.zeros('int32', cells) as Int32Array,
      nan: request.memory.zeros('uint8', cells) as Uint8Array,
    });
  },
  fromArrays: (request, arrays) => {
    const cells = elementCount(request.shape);
    const [held, counts, nan] = stateValues('percentile', arrays, [
      [heldType(request.dtype), undefined],
      ['int32', cells],
      ['uint8', cells],
    ]) as [NumberArray, Int32Array, Uint8Array];
    const state = { values: held.slice(0, 0) as NumberArray, counts: new Int32Array(cells), nan };
    const isOfCounts = counts.every((count) => count >= 0) && sumOf(counts) === held.length;
    // Selecting among NaN would not end.
    if (!isOfCounts || held.some(Number.isNaN)) throw corruptState('percentile');
    const reduction = new PercentileReduction(request, state);
    reduction.append(held, counts);
    return reduction;
  },
};

function sumOf(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function heldType(dtype: NumericType): NumericType {
  return isBigInt(dtype) ? 'float64' : dtype;
}

class PercentileReduction implements PartialReduction {
  readonly request: Request;
  readonly state: State;

  constructor(request: Request, state: State) {
    this.request = request;
    this.state = state;
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    const { values, counts, nan } = this.state;
    const { shape, dtype } = this.request;
    const held = convert(tile.values as NumberArray, tile.dtype, heldType(dtype));
    const loop = lineLoop(heldType(dtype));
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(held, at, step, [values, counts, nan, cell, cellStep], length),
    );
  }

  merge(from: PercentileReduction): void {
    const { counts, nan } = from.state;
    for (let cell = 0; cell < nan.length; cell++) this.state.nan[cell] |= nan[cell];
    this.append(from.packed(), counts);
  }

  /** Adds values that are packed cell by cell. */
  append(packed: NumberArray, counts: Int32Array): void {
    const cells = counts.length;
    const most = counts.reduce(
      (largest, count, cell) => Math.max(largest, this.state.counts[cell] + count),
      0,
    );
    if (most * cells > this.state.values.length) this.grow(most * cells);
    const { values, counts: own } = this.state;
    let at = 0;
    for (let cell = 0; cell < cells; cell++) {
      for (let i = 0; i < counts[cell]; i++) values[own[cell]++ * cells + cell] = packed[at++];
    }
  }

  toArrays(): MaskedArray[] {
    return [
      stateArray(heldType(this.request.dtype), this.packed()),
      stateArray('int32', this.state.counts),
      stateArray('uint8', this.state.nan),
    ];
  }

  finish(): MaskedArray {
    const { values, counts, nan } = this.state;
    const { dtype, shape, parameters } = this.request;
    const { list } = percentilesOf(parameters);
    const cells = counts.length;
    const held = new Float64Array(counts.reduce((most, count) => Math.max(most, count), 0));
    const gather = gatherLoop(heldType(dtype));
    return percentileResult(percentileKind.resultType(dtype, [], {}), shape, parameters, nan, (cell) => {
      const count = counts[cell];
      if (count === 0) return undefined;
      gather(values, cell, cells, held, count);
      return percentilesIn(held, count, list);
    });
  }

  private packed(): NumberArray {
    const { values, counts } = this.state;
    const total = sumOf(counts);
    const packed = new (values.constructor as Float64ArrayConstructor)(total) as NumberArray;
    let at = 0;
    for (let cell = 0; cell < counts.length; cell++) {
      for (let i = 0; i < counts[cell]; i++) packed[at++] = values[i * counts.length + cell];
    }
    return packed;
  }

  private grow(length: number): void {
    const { values } = this.state;
    const roomy = Math.max(length, 2 * values.length);
    this.state.values = new (values.constructor as Float64ArrayConstructor)(roomy);
    this.state.values.set(values);
  }
}

function holdLine(
  x: NumberArray,
  at: number,
  step: number,
  [values, counts, nan, cell0, cellStep]: [NumberArray, Int32Array, Uint8Array, number, number],
  length: number,
): void {
  const cells = counts.length;
  for (let i = 0, cell = cell0; i < length; i++, at += step, cell += cellStep) {
    const value = x[at];
    const count = counts[cell];
    if (Number.isNaN(value)) nan[cell] = 1;
    else {
      values[count * cells + cell] = value;
      counts[cell] = count + 1;
    }
  }
}

function gatherColumn(
  values: NumberArray,
  cell: number,
  cells: number,
  held: Float64Array,
  count: number,
): void {
  for (let i = 0, at = cell; i < count; i++, at += cells) held[i] = values[at];
}

const lineLoop = remembered(() => specialise(holdLine) as (...parameters: unknown[]) => void);
const gatherLoop = remembered(() => specialise(gatherColumn) as (...parameters: unknown[]) => void);
