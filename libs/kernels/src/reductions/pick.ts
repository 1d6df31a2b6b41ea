import {
  allocateValues,
  elementCount,
  isFloat,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  rowMajorStrides,
} from '@hyperslab/array';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

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
    create: (request) => {
      const cells = elementCount(request.shape);
      const values = request.memory.zeros(request.dtype, cells) as NumberArray;
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
        loop(
          tile.values,
          tile.mask,
          at,
          step,
          [values, places, nan, cell, cellStep],
          place,
          placeStep,
          length,
        ),
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
    const result = allocateValues(asPlaces ? 'int64' : dtype, places.length) as NumberArray;
    let mask: Uint8Array | undefined;
    for (let cell = 0; cell < places.length; cell++) {
      if (places[cell] >= 0) result[cell] = asPlaces ? (BigInt(places[cell]) as never) : values[cell];
      else if (!asPlaces && isFloat(dtype) && nan[cell] === 1) result[cell] = Number.NaN;
      else {
        mask ??= new Uint8Array(places.length);
        mask[cell] = 1;
      }
    }
    return { dtype: asPlaces ? 'int64' : (dtype as NumericType), shape: [...shape], values: result, mask };
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

function pickLine(
  goesBefore: Before,
  x: NumberArray,
  mask: Uint8Array | undefined,
  at: number,
  step: number,
  [values, places, nan, cell0, cellStep]: [NumberArray, Float64Array, Uint8Array, number, number],
  place: number,
  placeStep: number,
  length: number,
): void {
  let cell = cell0;
  for (let i = 0; i < length; i++) {
    if (mask === undefined || mask[at] === 0) {
      const value = x[at];
      if (Number.isNaN(value)) nan[cell] = 1;
      else if (places[cell] < 0 || goesBefore(value, values[cell], place, places[cell])) {
        values[cell] = value;
        places[cell] = place;
      }
    }
    at += step;
    cell += cellStep;
    place += placeStep;
  }
}

const lineLoop = remembered((key) => {
  const name = key.slice(key.indexOf(' ') + 1) as Pick;
  return specialise(pickLine, before[name]) as (...parameters: unknown[]) => void;
});
