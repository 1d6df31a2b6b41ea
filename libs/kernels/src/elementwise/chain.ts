import { elementCount, type MaskedArray, type NumericValues, rowMajorStrides } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { convert } from '../convert.ts';
import type { Literal } from '../promotion.ts';
import type { Float } from '../wasm/kernels.ts';
import { type ChainStep, isChainStep, runChain } from '../wasm/run-chain.ts';
import { isSquare } from './apply.ts';
import { broadcast } from './broadcast.ts';
import { type Operand, unionMask } from './operand.ts';

/** Functions of floating point that are computed at once, all in one type; the last step is the result. */
export interface Chain {
  dtype: Float;
  operands: ChainTerm[];
  steps: ChainStep[];
}

/** A literal, or an array whose dimension i is dimension `axes[i]` of the result, ascending; it is repeated along others. */
type ChainTerm = Literal | { array: MaskedArray; axes: readonly number[] };

/**
 * Says how a function of a type of floating point is a step of a chain: its name, and which of its arguments it takes; undefined when it cannot be one.
 */
export function chainStep(
  name: string,
  operands: readonly Operand[],
): { name: string; x: number; y: number } | undefined {
  if (name === '^') return isSquare(operands) ? { name: '*', x: 0, y: 0 } : undefined;
  return isChainStep(name) ? { name, x: 0, y: operands.length - 1 } : undefined;
}

/** As `elementwise` and `broadcast` would give it, step by step; undefined, and nothing done, where it cannot be computed at once. */
export function applyChain(
  { dtype, operands, steps }: Chain,
  shape: readonly number[],
  memory: Allocator = ordinaryMemory,
): MaskedArray | undefined {
  const placed = operands.map((term) => {
    if (typeof term !== 'object')
      return {
        values: convert(Float64Array.of(Number(term)), 'float64', dtype),
        strides: shape.map(() => 0),
      };
    const { array, axes } = term;
    const values = convert(array.values as NumericValues, array.dtype, dtype);
    return { values, strides: stridesOf(array, axes, shape) };
  });
  const values = runChain(dtype, placed, steps, shape, memory);
  if (values === undefined) return undefined;
  return { dtype, shape: [...shape], values, mask: maskOf(operands, shape, memory) };
}

function stridesOf(array: MaskedArray, axes: readonly number[], shape: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  const own = rowMajorStrides(array.shape);
  if (elementCount(array.shape) > 1)
    axes.forEach((axis, i) => {
      strides[axis] = own[i];
    });
  return strides;
}

function maskOf(
  operands: readonly ChainTerm[],
  shape: readonly number[],
  memory: Allocator,
): Uint8Array | undefined {
  const masks = new Map<Uint8Array, MaskedArray>();
  for (const term of operands) {
    if (typeof term !== 'object' || term.array.mask === undefined || masks.has(term.array.mask)) continue;
    const { array, axes } = term;
    const mask: MaskedArray = { dtype: 'uint8', shape: array.shape, values: array.mask! };
    masks.set(array.mask!, broadcast(mask, axes, shape, memory));
  }
  const inputs = [...masks.values()].map(({ values }) => {
    const mask = values as Uint8Array;
    return { values: mask, mask, stride: mask.length === 1 ? (0 as const) : (1 as const) };
  });
  return unionMask(inputs, elementCount(shape), memory);
}
