import { isBigInt, type MaskedArray, type NumericType, type NumericValues } from '@hyperslab/array';
import type { Allocator } from '../allocator.ts';
import { convert } from '../convert.ts';
import type { Literal } from '../promotion.ts';
import { type Strided, uniteByKernel } from '../wasm/apply.ts';
import type { ArgumentType } from './functions.ts';

/** An argument: an array of the result's shape, an array of one element for all of it, or a literal. */
export type Operand = MaskedArray | Literal;

/** An operand and its mask as loops read it. */
export interface Input extends Strided {
  mask?: Uint8Array;
}

/** What is known of an operand before its values. */
export function typeOf(operand: Operand): ArgumentType {
  return typeof operand === 'object' ? (operand.dtype as NumericType) : operand;
}

/** An operand brought to a type. */
export function input(operand: Operand, dtype: NumericType): Input {
  if (typeof operand === 'bigint' && isBigInt(dtype))
    return { values: convert(BigInt64Array.of(operand), 'int64', dtype), stride: 0 };
  if (typeof operand !== 'object')
    return { values: convert(Float64Array.of(Number(operand)), 'float64', dtype), stride: 0 };
  const values = convert(operand.values as NumericValues, operand.dtype, dtype);
  return { values, stride: values.length === 1 ? 0 : 1, mask: operand.mask };
}

/** What is missing in any of some operands; undefined where none has a mask. */
export function unionMask(
  inputs: readonly Pick<Input, 'mask' | 'stride'>[],
  count: number,
  memory: Allocator,
): Uint8Array | undefined {
  const masked = inputs.filter((each) => each.mask !== undefined);
  if (masked.length === 0) return undefined;
  const union = memory.zeros('uint8', count) as Uint8Array;
  for (const { mask, stride } of masked) {
    if (stride === 0 && mask![0] === 0) continue;
    if (stride === 1 && uniteByKernel(mask!, union)) continue;
    for (let i = 0; i < count; i++) union[i] |= mask![i * stride];
  }
  return union;
}
