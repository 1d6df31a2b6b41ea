import {
  type BigIntArray,
  elementCount,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { convert } from '../convert.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

type Request = Pick<ReductionRequest, 'dtype' | 'shape'>;

/** What was multiplied of each cell, and what was seen of it: 1 for numbers, 2 for NaN, 3 for both. */
interface State {
  products: Float64Array | BigInt64Array;
  seen: Uint8Array;
}

/**
 * The product of the elements that are neither missing nor NaN, in float64; of integers in 64 bits, where it wraps. Types are those of sums, and so is what comes
 * of nothing.
 */
export const productKind: ReductionKind = {
  resultType: (dtype) => reductionType('sum', dtype),
  cellBytes: () => 9,
  create: ({ dtype, shape, memory }) => {
    const cells = elementCount(shape);
    const products = memory.array(heldType(dtype), cells) as State['products'];
    products.fill((isBigInt(heldType(dtype)) ? 1n : 1) as never);
    return new ProductReduction(
      { dtype, shape },
      { products, seen: memory.zeros('uint8', cells) as Uint8Array },
    );
  },
  fromArrays: ({ dtype, shape }, arrays) => {
    const cells = elementCount(shape);
    const [products, seen] = stateValues('prod', arrays, [
      [heldType(dtype), cells],
      ['uint8', cells],
    ]);
    return new ProductReduction({ dtype, shape }, { products, seen } as State);
  },
};

/** Products of unsigned integers have the bits of signed ones. */
function heldType(dtype: NumericType): 'float64' | 'int64' {
  return isBigInt(reductionType('sum', dtype)) ? 'int64' : 'float64';
}

class ProductReduction implements PartialReduction {
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
    const { products, seen } = this.state;
    const loop = lineLoop(`${tile.dtype} ${heldType(this.request.dtype)}`);
    const { shape } = this.request;
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(tile.values, at, step, products, seen, cell, cellStep, length),
    );
  }

  merge({ state: { products, seen } }: ProductReduction): void {
    const own = this.state;
    for (let cell = 0; cell < seen.length; cell++) {
      own.products[cell] = ((own.products[cell] as number) * (products[cell] as number)) as never;
      own.seen[cell] |= seen[cell];
    }
  }

  toArrays(): MaskedArray[] {
    const { products, seen } = this.state;
    return [stateArray(heldType(this.request.dtype), products), stateArray('uint8', seen)];
  }

  finish(): MaskedArray {
    const { products, seen } = this.state;
    const { shape, dtype: of } = this.request;
    const dtype = reductionType('sum', of);
    if (products instanceof Float64Array)
      for (let cell = 0; cell < seen.length; cell++) if (seen[cell] === 2) products[cell] = Number.NaN;
    const mask = seen.includes(0) ? Uint8Array.from(seen, (each) => (each === 0 ? 1 : 0)) : undefined;
    return { dtype, shape: [...shape], values: convert(products, heldType(of), dtype), mask };
  }
}

type Multiply = (product: number | bigint, value: number | bigint) => number | bigint;

function multiplyLine(
  multiply: Multiply,
  x: NumberArray | BigIntArray,
  at: number,
  step: number,
  products: NumberArray,
  seen: Uint8Array,
  cell: number,
  cellStep: number,
  length: number,
): void {
  for (let i = 0; i < length; i++, at += step, cell += cellStep) {
    const value = x[at];
    const isNumber = typeof value === 'bigint' || !Number.isNaN(value);
    seen[cell] |= isNumber ? 1 : 2;
    if (isNumber) products[cell] = multiply(products[cell], value) as number;
  }
}

const multiplications: Record<'float64' | 'int64', Multiply> = {
  float64: (product, value) => (product as number) * (value as number),
  int64: (product, value) => (product as bigint) * BigInt(value),
};

const lineLoop = remembered((key) => {
  const held = key.slice(key.indexOf(' ') + 1) as 'float64' | 'int64';
  return specialise(multiplyLine, multiplications[held]) as (...parameters: unknown[]) => void;
});
