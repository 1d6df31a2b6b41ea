import { elementCount, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { asNumbers } from '../convert.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';
import { wholeNumbers } from './whole-numbers.ts';

type Request = Omit<ReductionRequest, 'total'>;

/**
 * How many elements of each cell are in each bin, as int64, which adds a dimension of bins. The parameter `edges` are the
 * ascending edges of bins; a bin includes its lower edge, the last one both, as in numpy. What is missing, NaN or
 * beyond the edges is in none.
 */
export const histogramKind: ReductionKind = {
  resultType: () => 'int64',
  cellBytes: (_dtype, _total, parameters) => 16 * binsOf({ parameters }),
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
    const { values, dtype } = asNumbers(tile);
    const loop = lineLoop(dtype);
    const scale = evenScale(edges);
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(values, at, step, this.counts, cell, cellStep, length, edges, scale),
    );
  }

  merge({ counts }: HistogramReduction): void {
    for (let i = 0; i < counts.length; i++) this.counts[i] += counts[i];
  }

  toArrays(): MaskedArray[] {
    return [stateArray('float64', this.counts)];
  }

  finish(): MaskedArray {
    const shape = [...this.request.shape, binsOf(this.request)];
    return { dtype: 'int64', shape, values: wholeNumbers(this.counts) };
  }
}

/** Bins for a unit of the values, where all are about as wide; else 0. */
function evenScale(edges: Float64Array): number {
  const bins = edges.length - 1;
  const scale = bins / (edges[bins] - edges[0]);
  const isEven = edges.every((edge, i) => Math.abs((edge - edges[0]) * scale - i) < 0.25);
  return isEven && Number.isFinite(scale) ? scale : 0;
}

function countLine(
  x: NumberArray,
  at: number,
  step: number,
  counts: Float64Array,
  cell: number,
  cellStep: number,
  length: number,
  edges: Float64Array,
  scale: number,
): void {
  const bins = edges.length - 1;
  const lowest = edges[0];
  const highest = edges[bins];
  for (let i = 0; i < length; i++, at += step, cell += cellStep) {
    const value = x[at];
    // NaN is in no bin: it is not within the edges either.
    if (!(value >= lowest && value <= highest)) continue;
    let low = 0;
    if (scale > 0) {
      low = Math.min(bins - 1, Math.floor((value - lowest) * scale));
      while (value < edges[low]) low--;
      while (low < bins - 1 && value >= edges[low + 1]) low++;
    } else {
      let high = bins - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (value >= edges[middle]) low = middle;
        else high = middle - 1;
      }
    }
    counts[cell * bins + low]++;
  }
}

const lineLoop = remembered(() => specialise(countLine) as (...parameters: unknown[]) => void);
