import { elementCount, isBigInt, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { remembered, specialise } from '../specialise.ts';
import type { OtherOperand, PartialReduction, ReductionKind, ReductionRequest } from './reduction-kind.ts';
import { stateArray, stateValues } from './state-arrays.ts';
import { walkTile } from './walk-tile.ts';

type Truth = 'any' | 'all';
type State = Pick<ReductionRequest, 'shape'> & { found: Uint8Array; seen: Uint8Array };

/**
 * Whether any, or all, of the elements that are not missing are true: all numbers but 0 are, NaN too. The type is int8,
 * as that of comparisons. Of nothing but missing it is missing.
 */
export function truthKind(name: Truth): ReductionKind {
  return {
    resultType: () => 'int8',
    create: ({ shape, memory }) => {
      const cells = elementCount(shape);
      const found = memory.zeros('uint8', cells) as Uint8Array;
      return new TruthReduction(name, { shape, found, seen: memory.zeros('uint8', cells) as Uint8Array });
    },
    fromArrays: ({ shape }, arrays) => {
      const cells = elementCount(shape);
      const [found, seen] = stateValues(name, arrays, [
        ['uint8', cells],
        ['uint8', cells],
      ]) as Uint8Array[];
      return new TruthReduction(name, { shape, found, seen });
    },
  };
}

class TruthReduction implements PartialReduction {
  readonly name: Truth;
  /** `found` is 1 in cells that have what decides: something true for `any`, something false for `all`. */
  readonly state: State;

  constructor(name: Truth, state: State) {
    this.name = name;
    this.state = state;
  }

  add(
    tile: MaskedArray,
    _others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
  ): void {
    const { shape, found, seen } = this.state;
    const loop = lineLoop(`${tile.dtype} ${this.name}`);
    walkTile({ tile, others: [], axes, shape, origin }, ([at, cell], [step, cellStep], length) =>
      loop(tile.values, at, step, found, seen, cell, cellStep, length),
    );
  }

  merge(from: TruthReduction): void {
    for (const kind of ['found', 'seen'] as const) {
      const [into, added] = [this.state[kind], from.state[kind]];
      for (let cell = 0; cell < into.length; cell++) into[cell] |= added[cell];
    }
  }

  toArrays(): MaskedArray[] {
    return [stateArray('uint8', this.state.found), stateArray('uint8', this.state.seen)];
  }

  finish(): MaskedArray {
    const { shape, found, seen } = this.state;
    const wanted = this.name === 'any' ? 1 : 0;
    const values = Int8Array.from(found, (each) => (each === wanted ? 1 : 0));
    const mask = seen.includes(0) ? Uint8Array.from(seen, (each) => 1 - each) : undefined;
    return { dtype: 'int8', shape: [...shape], values, mask };
  }
}

function lookLine(
  decides: (value: number) => boolean,
  x: NumberArray,
  at: number,
  step: number,
  found: Uint8Array,
  seen: Uint8Array,
  cell: number,
  cellStep: number,
  length: number,
): void {
  if (cellStep === 0) {
    seen[cell] = 1;
    for (let i = 0; i < length && found[cell] === 0; i++, at += step) if (decides(x[at])) found[cell] = 1;
    return;
  }
  for (let i = 0, to = cell; i < length; i++, to += cellStep) seen[to] = 1;
  for (let i = 0; i < length; i++, at += step, cell += cellStep) if (decides(x[at])) found[cell] = 1;
}

const deciding = {
  any: (value: number) => value !== 0,
  all: (value: number) => value === 0,
};
const decidingBig = {
  any: (value: number) => (value as unknown as bigint) !== 0n,
  all: (value: number) => (value as unknown as bigint) === 0n,
};

const lineLoop = remembered((key) => {
  const [dtype, name] = key.split(' ') as [string, Truth];
  return specialise(lookLine, (isBigInt(dtype) ? decidingBig : deciding)[name]) as (
    ...parameters: unknown[]
  ) => void;
});
