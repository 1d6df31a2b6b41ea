import type { NumberArray, NumericValues } from '@hyperslab/array';
import { fillOne } from './fill-one.ts';
import type { ArithmeticName, ExtremeName, Float, TestName, UnaryName } from './kernels.ts';
import { readySimd, type Simd } from './simd.ts';
import { cellSlot, maskSlot, xSlot } from './slots.ts';

/** An operand as a loop reads it: element i is `values[i * stride]`, with stride 0 where one stands for all. */
export interface Strided {
  values: NumericValues;
  stride: 0 | 1;
}

const unary: Record<string, UnaryName> = { sqrt: 'root', negate: 'negate', abs: 'absolute' };
const arithmetic: Record<string, ArithmeticName> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
};
type BinaryName = ArithmeticName | ExtremeName | TestName;
const binary: Record<string, BinaryName> = {
  ...arithmetic,
  minimum: 'minimum',
  maximum: 'maximum',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
  '==': 'equal',
  '!=': 'unequal',
};

/** Slot of the second operand: no function has a mask as its operand. */
const ySlot = maskSlot;

/**
 * Applies a function to floating-point operands of a type. Comparisons have an output of int8. False, and nothing done, where there
 * is no kernel for it.
 */
export function applyByKernel(
  name: string,
  dtype: Float,
  x: Strided,
  y: Strided,
  output: NumberArray,
  count: number,
): boolean {
  const simd = readySimd(count);
  if (simd === undefined) return false;
  if (Object.hasOwn(unary, name)) {
    if (x.stride === 0) return false;
    applyUnary(simd, `${unary[name]}_${dtype}`, x.values, output, count);
    return true;
  }
  if (!Object.hasOwn(binary, name)) return false;
  // Results that are not in the arena are written as fast by the plain loop as they, and operands of so many bytes, are copied.
  if (dtype === 'float64' && Object.hasOwn(arithmetic, name) && !simd.arena.holds(output)) return false;
  applyBinary(simd, `${binary[name]}_${dtype}`, dtype, [x, y], output, count);
  return true;
}

function applyUnary(
  { stage, kernels }: Simd,
  name: `${UnaryName}_${Float}`,
  x: NumericValues,
  output: NumberArray,
  count: number,
): void {
  const block = stage.blockOf(count, x, output);
  for (let i = 0; i < count; i += block) {
    const some = Math.min(block, count - i);
    kernels[name](stage.bring(xSlot, x, i, some), stage.place(cellSlot, output, i), some);
    stage.take(cellSlot, output, i, some);
  }
}

function applyBinary(
  simd: Simd,
  name: `${BinaryName}_${Float}`,
  dtype: Float,
  operands: readonly [Strided, Strided],
  output: NumberArray,
  count: number,
): void {
  const { stage, kernels } = simd;
  const [x, y] = operands.map(({ values, stride }) => (stride === 0 ? output : values));
  const block = stage.blockOf(count, output, x, y);
  const [xStep, yStep] = operands.map(({ stride }) => 16 * stride);
  const alone = operands.map(({ values, stride }, i) =>
    stride === 0 ? fillOne(simd, dtype, i, values[0]) : 0,
  );
  for (let i = 0; i < count; i += block) {
    const some = Math.min(block, count - i);
    const xAt = xStep === 0 ? alone[0] : stage.bring(xSlot, x, i, some);
    const yAt = yStep === 0 ? alone[1] : stage.bring(ySlot, y, i, some);
    kernels[name](xAt, xStep, yAt, yStep, stage.place(cellSlot, output, i), some);
    stage.take(cellSlot, output, i, some);
  }
}

/** Marks in a mask what another one of its length marks. False, and nothing done, where there is no kernel. */
export function uniteByKernel(other: Uint8Array, mask: Uint8Array): boolean {
  const simd = readySimd(mask.length);
  if (simd === undefined) return false;
  const { stage, kernels } = simd;
  const block = stage.blockOf(mask.length, other, mask);
  for (let i = 0; i < mask.length; i += block) {
    const count = Math.min(block, mask.length - i);
    kernels.uniteMasks(stage.bring(xSlot, other, i, count), stage.bring(maskSlot, mask, i, count), count);
    stage.take(maskSlot, mask, i, count);
  }
  return true;
}
