import type { MaskedArray } from '@hyperslab/array';
import { accumulate } from '../reduce/accumulate.ts';
import { type Accumulator, createAccumulator, type Reduction, reductionType } from '../reduce/accumulator.ts';
import { combine } from '../reduce/combine.ts';
import { finish } from '../reduce/finish.ts';
import { partialFromArrays, partialToArrays } from '../reduce/partial-arrays.ts';
import type { AddedAtOnce, OtherOperand, PartialReduction, ReductionKind } from './reduction-kind.ts';

const addsBy: Readonly<Record<Reduction, AddedAtOnce>> = {
  sum: 'lines',
  mean: 'lines',
  min: 'elements',
  max: 'elements',
  count: 'elements',
  std: 'tiles',
  var: 'tiles',
};

/** A reduction of one array whose cells are a few numbers each: sums, extremes, moments (with the parameter `ddof`), counts. */
export function plainKind(operation: Reduction): ReductionKind {
  return {
    addsBy: addsBy[operation],
    resultType: (dtype) => reductionType(operation, dtype),
    create: ({ dtype, shape, total, memory, parameters }) =>
      new PlainReduction(createAccumulator(operation, dtype, shape, total, memory), parameters.ddof),
    fromArrays: ({ dtype, shape, parameters }, arrays) =>
      new PlainReduction(partialFromArrays(operation, dtype, shape, arrays), parameters.ddof),
  };
}

class PlainReduction implements PartialReduction {
  readonly accumulator: Accumulator;
  readonly ddof: number;

  constructor(accumulator: Accumulator, ddof: unknown) {
    this.accumulator = accumulator;
    this.ddof = Number(ddof ?? 0);
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    accumulate(this.accumulator, tile, axes, origin);
  }

  merge(from: PlainReduction): void {
    combine(this.accumulator, from.accumulator);
  }

  toArrays(): MaskedArray[] {
    return partialToArrays(this.accumulator);
  }

  finish(): MaskedArray {
    return finish(this.accumulator, this.ddof);
  }
}
