import {
  elementCount,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumberArray,
  type NumericValues,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import type { Literal } from '../promotion.ts';
import { remembered, specialise } from '../specialise.ts';
import { applyByKernel } from '../wasm/apply.ts';
import { computeType, functionNamed, resultType } from './functions.ts';
import { choose, fillMissing, keepWhere, marksOf } from './masking.ts';
import { type Input, input, type Operand, typeOf, unionMask } from './operand.ts';

/**
 * Applies a function to every element. Types are promoted as numpy 2 does; an element is missing where an argument's
 * is, for `where` the condition's or the chosen branch's, or where there is no branch to choose. NaN is a number like others.
 * Arrays must be of the given shape or of one element; see `broadcast` for others. The result is in `memory`, but for
 * values that are those of an argument.
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
  const result = { dtype, shape: [...shape] };
  const { typing } = functionNamed(name);
  if (typing === 'choice') {
    const [condition, ...branches] = operands;
    const [yes, no] = branches.map((branch) => input(branch, compute));
    if (no === undefined) return { ...result, ...keepWhere(condition, yes, dtype, count, memory) };
    return { ...result, ...choose(truthOf(condition), yes, no, dtype, count, memory) };
  }
  const inputs = operands.map((operand) => input(operand, compute));
  const [x, y = x] = inputs;
  if (typing === 'presence') return { ...result, values: marksOf(x, count, memory) };
  if (typing === 'filling') return { ...result, ...fillMissing(x, y, dtype, count, memory) };
  const output = memory.array(dtype, count);
  if (!isFloat(compute) || !applyByKernel(name, compute, x, y, output as NumberArray, count))
    applyLoop(`${name} ${compute}`)(x.values, x.stride, y.values, y.stride, output, count);
  return { ...result, values: output, mask: unionMask(inputs, count, memory) };
}

/**
 * A function of literals: an integer where Python has one. Throws EXPRESSION_INVALID for an integer beyond 2^53 - 1, which
 * no expression can hold, and for what is missing, which no literal is.
 */
export function foldLiterals(name: string, literals: readonly Literal[]): Literal {
  const { dtype, values, mask } = elementwise(name, literals, []);
  if (mask?.[0] === 1)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${name}" of ${literals.join(' and ')} is missing, which no number is; let one of them be an array`,
      { function: name },
    );
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

/** A condition as bytes, 0 where it does not hold; comparisons are such. */
function truthOf(condition: Operand): Input {
  if (typeof condition === 'object' && condition.dtype === 'int8') return input(condition, 'int8');
  const shape = typeof condition === 'object' ? condition.shape : [];
  const truth = elementwise('!=', [condition, 0n], shape);
  return input(truth, 'int8');
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
  const operation = isBigInt(compute) ? bigint! : isFloat(compute) ? number! : (integer ?? number!);
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
