import {
  elementCount,
  isBigInt,
  isFloat,
  itemSize,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  rowMajorStrides,
} from '@hyperslab/array';
import { integerLimits } from '../promotion.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';
import { wholeNumbers } from './whole-numbers.ts';

type Pick = 'first' | 'last' | 'argmin' | 'argmax';

/** What was picked in each cell: a value, and the place of it in what is reduced, -1 for nothing. NaN was seen where `nan` is 1. */
interface State {
  values: NumberArray;
  places: Float64Array;
  nan: Uint8Array;
}

type Request = Omit<ReductionRequest, 'total'>;

/**
 * Reductions that pick one element of each cell, neither missing nor NaN. `first` and `last` answer its value; `argmin`
 * and `argmax` its place as int64: the index along the reduced dimension, or of several of the extents that the parameter
 * `lengths` says, the row-major one. Of equal elements the first is picked. Of nothing but NaN a value is NaN, and a
 * place missing.
 */
export function pickKind(name: Pick): ReductionKind {
  return {
    resultType: (dtype) => (answersPlaces(name) ? 'int64' : dtype),
    cellBytes: (dtype) => itemSize(dtype) + 9,
    answersPlaces: answersPlaces(name),
    create: (request) => {
      const cells = elementCount(request.shape);
      const values = request.memory.array(request.dtype, cells) as NumberArray;
      values.fill(leastPreferred(name, request.dtype) as number);
      const places = (request.memory.array('float64', cells) as Float64Array).fill(-1);
      return new PickReduction(name, request, {
        values,
        places,
        nan: request.memory.zeros('uint8', cells) as Uint8Array,
      });
    },
    fromArrays: (request, arrays) => {
      const cells = elementCount(request.shape);
      const [values, places, nan] = stateValues(name, arrays, [
        [request.dtype, cells],
        ['float64', cells],
        ['uint8', cells],
      ]);
      return new PickReduction(name, request, { values, places, nan } as State);
    },
  };
}

function answersPlaces(name: Pick): boolean {
  return name === 'argmin' || name === 'argmax';
}

class PickReduction implements PartialReduction {
  readonly name: Pick;
  readonly request: Request;
  readonly state: State;

  constructor(name: Pick, request: Request, state: State) {
    this.name = name;
    this.request = request;
    this.state = state;
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
    start: readonly number[],
  ): void {
    const { values, places, nan } = this.state;
    const loop = lineLoop(`${tile.dtype} ${this.name}`);
    const order = placeStrides(this.request, tile.shape.length, axes);
    const first = start.reduce((sum, index, axis) => sum + index * order[axis], 0);
    walkTile(
      { tile, others: [], axes, shape: this.request.shape, origin },
      ([at, cell, place], [step, cellStep, placeStep], length) =>
        loop(tile.values, at, step, [values, places, nan, cell, cellStep], place, placeStep, length),
      [{ strides: order, start: first }],
    );
  }

  merge({ state: from }: PickReduction): void {
    const { values, places, nan } = this.state;
    const goesBefore = before[this.name];
    for (let cell = 0; cell < places.length; cell++) {
      nan[cell] |= from.nan[cell];
      const place = from.places[cell];
      if (place < 0) continue;
      if (places[cell] < 0 || goesBefore(from.values[cell], values[cell], place, places[cell])) {
        values[cell] = from.values[cell];
        places[cell] = place;
      }
    }
  }

  toArrays(): MaskedArray[] {
    const { values, places, nan } = this.state;
    return [stateArray(this.request.dtype, values), stateArray('float64', places), stateArray('uint8', nan)];
  }

  finish(): MaskedArray {
    const { values, places, nan } = this.state;
    const { dtype, shape } = this.request;
    const asPlaces = answersPlaces(this.name);
    const result = (asPlaces ? wholeNumbers(places) : values) as NumberArray;
    let mask: Uint8Array | undefined;
    for (let cell = 0; cell < places.length; cell++) {
      if (places[cell] >= 0) continue;
      if (!asPlaces && isFloat(dtype) && nan[cell] === 1) result[cell] = Number.NaN;
      else {
        mask ??= new Uint8Array(places.length);
        mask[cell] = 1;
      }
    }
    return { dtype: asPlaces ? 'int64' : dtype, shape: [...shape], values: result, mask };
  }
}

/** How far a step along each dimension of a tile goes in the row-major order of those that are reduced. */
function placeStrides({ parameters }: Request, rank: number, axes: readonly number[]): number[] {
  const strides = axes.length <= 1 ? [1] : rowMajorStrides(parameters.lengths as number[]);
  return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? strides[axes.indexOf(axis)] : 0));
}

type Before = (value: number, best: number, place: number, bestPlace: number) => boolean;

/** Whether an element is picked instead of another. */
const before: Record<Pick, Before> = {
  first: (_value, _best, place, bestPlace) => place < bestPlace,
  last: (_value, _best, place, bestPlace) => place > bestPlace,
  argmin: (value, best, place, bestPlace) => value < best || (value === best && place < bestPlace),
  argmax: (value, best, place, bestPlace) => value > best || (value === best && place < bestPlace),
};

/** What all values of a type come before, or are equal to; only extremes ask for it. */
function leastPreferred(name: Pick, dtype: NumericType): number | bigint {
  if (isFloat(dtype)) return name === 'argmin' ? Infinity : -Infinity;
  const { min, max } = integerLimits(dtype);
  const least = name === 'argmin' ? max : min;
  return isBigInt(dtype) ? least : Number(least);
}

type Cells = [values: NumberArray, places: Float64Array, nan: Uint8Array, at: number, step: number];

function pickExtremes(
  isWorse: (value: number, best: number) => boolean,
  x: NumberArray,
  at: number,
  step: number,
  [values, places, nan, cell0, cellStep]: Cells,
  place: number,
  placeStep: number,
  length: number,
): void {
  for (let i = 0, cell = cell0; i < length; i++, at += step, cell += cellStep, place += placeStep) {
    const value = x[at];
    const best = values[cell];
    if (isWorse(value, best)) continue;
    if (isWorse(best, value) || (value === best && (places[cell] < 0 || place < places[cell]))) {
      values[cell] = value;
      places[cell] = place;
    } else if (Number.isNaN(value)) nan[cell] = 1;
  }
}

function pickByPlace(
  stays: (picked: number, place: number) => boolean,
  x: NumberArray,
  at: number,
  step: number,
  [values, places, nan, cell0, cellStep]: Cells,
  place: number,
  placeStep: number,
  length: number,
): void {
  for (let i = 0, cell = cell0; i < length; i++, at += step, cell += cellStep, place += placeStep) {
    if (stays(places[cell], place)) continue;
    const value = x[at];
    if (Number.isNaN(value)) nan[cell] = 1;
    else {
      values[cell] = value;
      places[cell] = place;
    }
  }
}

const loops = {
  argmin: [pickExtremes, (value: number, best: number) => value > best],
  argmax: [pickExtremes, (value: number, best: number) => value < best],
  first: [pickByPlace, (picked: number, place: number) => picked >= 0 && picked < place],
  last: [pickByPlace, (picked: number, place: number) => picked > place],
} as const;

const lineLoop = remembered((key) => {
  const [loop, operation] = loops[key.slice(key.indexOf(' ') + 1) as Pick];
  return specialise(loop, operation) as (...parameters: unknown[]) => void;
});
