import { elementCount, isBigInt, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { convert } from '../convert.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

type Request = Omit<ReductionRequest, 'total'>;

/**
 * How many elements of each cell are in each bin, as int64, which adds a dimension of bins. The parameter `edges` are the
 * ascending edges of bins; a bin includes its lower edge, the last one both, as in numpy. What is missing, NaN or
 * beyond the edges is in none.
 */
export const histogramKind: ReductionKind = {
  resultType: () => 'int64',
  cellBytes: (_dtype, _total, parameters) => 8 * binsOf({ parameters }),
  create: (request) => {
    const counts = request.memory.zeros('float64', elementCount(request.shape) * binsOf(request));
    return new HistogramReduction(request, counts as Float64Array);
  },
  fromArrays: (request, arrays) => {
    const length = elementCount(request.shape) * binsOf(request);
    const [counts] = stateValues('histogram', arrays, [['float64', length]]);
    return new HistogramReduction(request, counts as Float64Array);
  },
};

function binsOf({ parameters }: Pick<Request, 'parameters'>): number {
  return (parameters.edges as number[]).length - 1;
}

class HistogramReduction implements PartialReduction {
  readonly request: Request;
  readonly counts: Float64Array;

  constructor(request: Request, counts: Float64Array) {
    this.request = request;
    this.counts = counts;
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    const { shape, parameters } = this.request;
    const edges = Float64Array.from(parameters.edges as number[]);
    const dtype = isBigInt(tile.dtype) ? 'float64' : tile.dtype;
    const values = convert(tile.values as NumberArray, tile.dtype, dtype);
    const loop = lineLoop(dtype);
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(values, tile.mask, at, step, this.counts, cell, cellStep, length, edges),
    );
  }

  merge({ counts }: HistogramReduction): void {
    for (let i = 0; i < counts.length; i++) this.counts[i] += counts[i];
  }

  toArrays(): MaskedArray[] {
    return [stateArray('float64', this.counts)];
  }

  finish(): MaskedArray {
    const values = BigInt64Array.from(this.counts, BigInt);
    return { dtype: 'int64', shape: [...this.request.shape, binsOf(this.request)], values };
  }
}

function countLine(
  x: NumberArray,
  mask: Uint8Array | undefined,
  at: number,
  step: number,
  counts: Float64Array,
  cell: number,
  cellStep: number,
  length: number,
  edges: Float64Array,
): void {
  const bins = edges.length - 1;
  for (let i = 0; i < length; i++, at += step, cell += cellStep) {
    if (mask !== undefined && mask[at] !== 0) continue;
    const value = x[at];
    // NaN is in no bin: it is not within the edges either.
    if (!(value >= edges[0] && value <= edges[bins])) continue;
    let low = 0;
    let high = bins - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (value >= edges[middle]) low = middle;
      else high = middle - 1;
    }
    counts[cell * bins + low]++;
  }
}

const lineLoop = remembered(() => specialise(countLine) as (...parameters: unknown[]) => void);
