import { ABSOLUTE, ADD, binary, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, ROOT, SUBTRACT, unary } from './arithmetic';

/*
 * Chains of functions, computed block by block: what one step makes for the next stays in the first-level cache.
 *
 * An operand is a place, the bytes to go on for a row and for an element (0 for a register, which holds a block), the bytes to go on for a vector (0 where one
 * value stands for a row), as int32, and 16 bytes for a vector of that value. A step is an operation and the numbers of two operands and of what it writes,
 * as int32.
 */

// @ts-ignore: decorator
@inline
const OPERAND_BYTES = 32;
// @ts-ignore: decorator
@inline
const STEP_BYTES = 16;
/** A register. */
// @ts-ignore: decorator
@inline
const BLOCK_BYTES = 4096;

// @ts-ignore: decorator
@inline
function chain<T>(steps: usize, stepCount: i32, operands: usize, operandCount: i32, rows: i32, length: i32): void {
  const block = <i32>(BLOCK_BYTES / sizeof<T>());
  const endOfSteps = steps + <usize>stepCount * STEP_BYTES;
  for (let row = 0; row < rows; row++) {
    fillVectors<T>(operands, operandCount, row);
    for (let start = 0; start < length; start += block) {
      const count = min(block, length - start);
      for (let step = steps; step < endOfSteps; step += STEP_BYTES) {
        const x = operands + <usize>load<i32>(step, 4) * OPERAND_BYTES;
        const y = operands + <usize>load<i32>(step, 8) * OPERAND_BYTES;
        const output = operands + <usize>load<i32>(step, 12) * OPERAND_BYTES;
        apply<T>(
          load<i32>(step),
          placeOf(x, row, start),
          <usize>load<i32>(x, 12),
          placeOf(y, row, start),
          <usize>load<i32>(y, 12),
          placeOf(output, row, start),
          count,
        );
      }
    }
  }
}

/** Of operands that are one value for a row. */
// @ts-ignore: decorator
@inline
function fillVectors<T>(operands: usize, count: i32, row: i32): void {
  const end = operands + <usize>count * OPERAND_BYTES;
  for (let operand = operands; operand < end; operand += OPERAND_BYTES) {
    if (load<i32>(operand, 12) != 0) continue;
    const value = load<T>(<usize>load<u32>(operand) + <usize>(row * load<i32>(operand, 4)));
    v128.store(operand, v128.splat<T>(value), 16);
  }
}

// @ts-ignore: decorator
@inline
function placeOf(operand: usize, row: i32, start: i32): usize {
  if (load<i32>(operand, 12) == 0) return operand + 16;
  return <usize>load<u32>(operand) + <usize>(row * load<i32>(operand, 4) + start * load<i32>(operand, 8));
}

// @ts-ignore: decorator
@inline
function apply<T>(
  operation: i32,
  x: usize,
  xStep: usize,
  y: usize,
  yStep: usize,
  output: usize,
  count: i32,
): void {
  if (operation == ADD) binary<T>(ADD, x, xStep, y, yStep, output, count);
  else if (operation == SUBTRACT) binary<T>(SUBTRACT, x, xStep, y, yStep, output, count);
  else if (operation == MULTIPLY) binary<T>(MULTIPLY, x, xStep, y, yStep, output, count);
  else if (operation == DIVIDE) binary<T>(DIVIDE, x, xStep, y, yStep, output, count);
  else if (operation == MINIMUM) binary<T>(MINIMUM, x, xStep, y, yStep, output, count);
  else if (operation == MAXIMUM) binary<T>(MAXIMUM, x, xStep, y, yStep, output, count);
  else if (operation == ROOT) unary<T>(ROOT, x, xStep, output, count);
  else if (operation == NEGATE) unary<T>(NEGATE, x, xStep, output, count);
  else unary<T>(ABSOLUTE, x, xStep, output, count);
}

export function chain_float32(
  steps: usize,
  stepCount: i32,
  operands: usize,
  operandCount: i32,
  rows: i32,
  length: i32,
): void {
  chain<f32>(steps, stepCount, operands, operandCount, rows, length);
}

export function chain_float64(
  steps: usize,
  stepCount: i32,
  operands: usize,
  operandCount: i32,
  rows: i32,
  length: i32,
): void {
  chain<f64>(steps, stepCount, operands, operandCount, rows, length);
}
