import {
  elementCount,
  itemSize,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { convert } from '../convert.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { remembered, specialise } from '../specialise.ts';
import { centroidBytes, DigestCells, mostHeld } from './digest-cells.ts';
import { largestTotal, percentileResult, percentilesOf } from './percentiles.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { corruptState, stateArray, stateValues } from './state-arrays.ts';
import { createDigest, mergeSorted, quantileOf } from './t-digest.ts';
import { walkTile } from './walk-tile.ts';

const name = 'approximate_percentile';

type Request = Omit<ReductionRequest, 'total'>;

/**
 * Percentiles by a t-digest of each cell, of bounded size. Exact up to 256 values, as numpy's linear method; beyond,
 * within about 1 in rank of 100 in the middle and much closer at the ends. The order of elements and of partial results
 * alone decides what comes out.
 */
export const approximatePercentileKind: ReductionKind = {
  resultType: (dtype) => reductionType('mean', dtype),
  cellBytes: (dtype, total, parameters) => {
    const centroids = total > mostHeld ? centroidBytes : 0;
    const results = 8 * percentilesOf(parameters).list.length;
    return Math.min(total, mostHeld) * itemSize(heldType(dtype)) + centroids + results;
  },
  create: (request) => {
    const { dtype, shape, total, memory } = request;
    const cells = elementCount(shape);
    const room = Math.min(mostHeld, largestTotal(total, cells));
    const digests = new DigestCells(
      memory.array(heldType(dtype), cells * room) as NumberArray,
      memory.zeros('uint16', cells) as Uint16Array,
      memory.zeros('uint16', cells) as Uint16Array,
    );
    return new ApproximatePercentile(request, digests, memory.zeros('uint8', cells) as Uint8Array, room);
  },
  fromArrays: (request, arrays) => {
    const cells = elementCount(request.shape);
    const [held, used, centroids, weights, least, most, nan] = stateValues(name, arrays, [
      [heldType(request.dtype), undefined],
      ['uint16', cells],
      ['uint16', cells],
      ['float64', undefined],
      ['float64', undefined],
      ['float64', undefined],
      ['uint8', cells],
    ]);
    const digests = DigestCells.unpack({ held, used, centroids, weights, least, most } as never);
    if (digests === undefined) throw corruptState(name);
    return new ApproximatePercentile(request, digests, nan as Uint8Array, mostHeld);
  },
};

/** What float32 holds is held as that: single values stay exact. */
function heldType(dtype: NumericType): NumericType {
  return ['float32', 'int8', 'uint8', 'int16', 'uint16'].includes(dtype) ? 'float32' : 'float64';
}

class ApproximatePercentile implements PartialReduction {
  readonly request: Request;
  readonly digests: DigestCells;
  /** 1 where NaN was left out. */
  readonly nan: Uint8Array;
  /** As many values of a cell are held before they are made centroids. */
  readonly room: number;

  constructor(request: Request, digests: DigestCells, nan: Uint8Array, room: number) {
    this.request = request;
    this.digests = digests;
    this.nan = nan;
    this.room = room;
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    const { digests, nan } = this;
    const { shape, dtype } = this.request;
    digests.widen(this.room);
    const values = convert(tile.values as NumberArray, tile.dtype, heldType(dtype));
    const loop = lineLoop(heldType(dtype));
    const whole = createDigest(mostHeld);
    const makeRoom = (cell: number) => {
      digests.load(cell, whole);
      digests.store(cell, whole, 0);
    };
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(
        [values, at, step],
        [digests.held, digests.used, nan, cell, cellStep],
        length,
        digests.room,
        makeRoom,
      ),
    );
  }

  merge(from: ApproximatePercentile): void {
    const { used } = this.digests;
    const most = used.reduce((a, count, cell) => Math.max(a, count + from.digests.used[cell]), 0);
    this.digests.widen(Math.min(mostHeld, most));
    const [own, added, both] = [mostHeld, mostHeld, 2 * mostHeld].map(createDigest);
    for (let cell = 0; cell < this.nan.length; cell++) {
      this.nan[cell] |= from.nan[cell];
      if (from.digests.used[cell] === 0) continue;
      this.digests.load(cell, own);
      from.digests.load(cell, added);
      mergeSorted(own, added, both);
      this.digests.store(cell, both, mostHeld);
    }
  }

  toArrays(): MaskedArray[] {
    const { held, used, centroids, weights, least, most } = this.digests.pack();
    return [
      stateArray(heldType(this.request.dtype), held),
      stateArray('uint16', used),
      stateArray('uint16', centroids),
      ...[weights, least, most].map((each) => stateArray('float64', each)),
      stateArray('uint8', this.nan),
    ];
  }

  finish(): MaskedArray {
    const { dtype, shape, parameters } = this.request;
    const { list } = percentilesOf(parameters);
    const result = approximatePercentileKind.resultType(dtype, [], parameters);
    const whole = createDigest(mostHeld);
    return percentileResult(result, shape, parameters, this.nan, (cell) => {
      if (this.digests.used[cell] === 0) return undefined;
      this.digests.load(cell, whole);
      return list.map((percentile) => quantileOf(whole, percentile / 100));
    });
  }
}

type Line = [values: NumberArray, at: number, step: number];
type Cells = [held: NumberArray, used: Uint16Array, nan: Uint8Array, at: number, step: number];

function holdLine(
  [x, at0, step]: Line,
  [held, used, nan, cell0, cellStep]: Cells,
  length: number,
  room: number,
  makeRoom: (cell: number) => void,
): void {
  const cells = used.length;
  for (let i = 0, at = at0, cell = cell0; i < length; i++, at += step, cell += cellStep) {
    const value = x[at];
    if (Number.isNaN(value)) {
      nan[cell] = 1;
      continue;
    }
    if (used[cell] === room) makeRoom(cell);
    held[used[cell]++ * cells + cell] = value;
  }
}

const lineLoop = remembered(() => specialise(holdLine) as (...parameters: unknown[]) => void);
