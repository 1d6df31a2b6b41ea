import {
  elementCount,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { convert } from '../convert.ts';
import type { Literal } from '../promotion.ts';
import { remembered, specialise } from '../specialise.ts';
import { applyByKernel, type Strided, uniteByKernel } from '../wasm/apply.ts';
import { type ArgumentType, computeType, functionNamed, resultType } from './functions.ts';

/** An argument: an array of the result's shape, an array of one element for all of it, or a literal. */
export type Operand = MaskedArray | Literal;

/** An operand and its mask as loops read it. */
interface Input extends Strided {
  mask?: Uint8Array;
}

/**
 * Applies a function to every element. Types are promoted as numpy 2 does; an element is missing where an argument's
 * is, for `where` the condition's or the chosen branch's. NaN is a number like others. Arrays must be of the given
 * shape or of one element; see `broadcast` for others. The result is in `memory`.
 */
export function elementwise(
  name: string,
  operands: readonly Operand[],
  shape: readonly number[],
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  // A square is a product, also in numpy; pow is twenty times slower.
  if (name === '^' && isSquare(operands)) return elementwise('*', [operands[0], operands[0]], shape, memory);
  const types = operands.map(typeOf);
  const compute = computeType(name, types);
  const dtype = resultType(name, types);
  const count = elementCount(shape);
  const output = memory.array(dtype, count);
  if (functionNamed(name).typing === 'choice') {
    const [condition, ...branches] = operands;
    const truth = truthOf(condition);
    const [yes, no] = branches.map((branch) => input(branch, compute));
    const mask = chooseMask(truth, yes, no, count);
    choose(dtype)(truth.values, truth.stride, yes.values, yes.stride, no.values, no.stride, output, count);
    return { dtype, shape: [...shape], values: output, mask };
  }
  const inputs = operands.map((operand) => input(operand, compute));
  const [x, y = x] = inputs;
  if (!isFloat(compute) || !applyByKernel(name, compute, x, y, output as NumberArray, count))
    applyLoop(`${name} ${compute}`)(x.values, x.stride, y.values, y.stride, output, count);
  return { dtype, shape: [...shape], values: output, mask: unionMask(inputs, count, memory) };
}

/**
 * A function of literals: an integer where Python has one. Throws EXPRESSION_INVALID for an integer beyond 2^53 - 1, which
 * no expression can hold.
 */
export function foldLiterals(name: string, literals: readonly Literal[]): Literal {
  const { dtype, values } = elementwise(name, literals, []);
  if (isFloat(dtype)) return values[0] as number;
  // int64 wraps; float64 tells whether it did.
  const estimate = elementwise(name, literals.map(Number), []).values[0] as number;
  if (Math.abs(estimate) < 2 ** 60 && Number.isSafeInteger(Number(values[0]))) return BigInt(values[0]);
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `"${name}" of ${literals.join(' and ')} is an integer beyond 2^53; write ${literals[0]}.0 to compute in float64`,
    { function: name },
  );
}

/** Whether a power is a product of its base with itself. */
export function isSquare([base, exponent]: readonly Operand[]): boolean {
  if (exponent === 2n) return true;
  return exponent === 2 && typeof base !== 'bigint' && (typeof base === 'number' || isFloat(base.dtype));
}

function typeOf(operand: Operand): ArgumentType {
  return typeof operand === 'object' ? (operand.dtype as NumericType) : operand;
}

function input(operand: Operand, dtype: NumericType): Input {
  if (typeof operand === 'bigint' && isBigInt(dtype))
    return { values: convert(BigInt64Array.of(operand), 'int64', dtype), stride: 0 };
  if (typeof operand !== 'object')
    return { values: convert(Float64Array.of(Number(operand)), 'float64', dtype), stride: 0 };
  const values = convert(operand.values as NumericValues, operand.dtype, dtype);
  return { values, stride: values.length === 1 ? 0 : 1, mask: operand.mask };
}

function truthOf(condition: Operand): Input {
  const shape = typeof condition === 'object' ? condition.shape : [];
  const truth = elementwise('!=', [condition, 0n], shape);
  return input(truth, 'int8');
}

/** What is missing in any of some operands; undefined where none has a mask. */
export function unionMask(
  inputs: readonly Input[],
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

function chooseMask(truth: Input, yes: Input, no: Input, count: number): Uint8Array | undefined {
  if (![truth, yes, no].some(({ mask }) => mask !== undefined)) return undefined;
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const branch = truth.values[i * truth.stride] ? yes : no;
    mask[i] = (truth.mask?.[i * truth.stride] ?? 0) | (branch.mask?.[i * branch.stride] ?? 0);
  }
  return mask;
}

type ApplyLoop = (
  x: NumericValues,
  xStride: number,
  y: NumericValues,
  yStride: number,
  output: NumericValues,
  count: number,
) => void;

const applyLoop = remembered((key) => {
  const [name, compute] = key.split(' ');
  const { number, integer, bigint } = functionNamed(name);
  const operation = isBigInt(compute) ? bigint! : isFloat(compute) ? number : (integer ?? number);
  return specialise(apply, operation) as ApplyLoop;
});

function apply(
  operation: (x: number, y: number) => number,
  x: NumberArray,
  xStride: number,
  y: NumberArray,
  yStride: number,
  output: NumberArray,
  count: number,
): void {
  for (let i = 0; i < count; i++) output[i] = operation(x[i * xStride], y[i * yStride]);
}

type ChooseLoop = (
  condition: NumericValues,
  conditionStride: number,
  yes: NumericValues,
  yesStride: number,
  no: NumericValues,
  noStride: number,
  output: NumericValues,
  count: number,
) => void;

const choose = remembered(() => specialise(chooseBranch) as ChooseLoop);

function chooseBranch(
  condition: NumberArray,
  conditionStride: number,
  yes: NumberArray,
  yesStride: number,
  no: NumberArray,
  noStride: number,
  output: NumberArray,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    output[i] = condition[i * conditionStride] !== 0 ? yes[i * yesStride] : no[i * noStride];
  }
}
