/*
 * Arithmetic of floating point, element by element. A step is 16 for an array, 0 for one value that fills 16 bytes. The output may be
 * one of the arrays.
 */

// @ts-ignore: decorator
@inline
export const ADD = 0;
// @ts-ignore: decorator
@inline
export const SUBTRACT = 1;
// @ts-ignore: decorator
@inline
export const MULTIPLY = 2;
// @ts-ignore: decorator
@inline
export const DIVIDE = 3;

// @ts-ignore: decorator
@inline
export const ROOT = 4;
// @ts-ignore: decorator
@inline
export const NEGATE = 5;
// @ts-ignore: decorator
@inline
export const ABSOLUTE = 6;

// @ts-ignore: decorator
@inline
export function binary<T>(operation: i32, x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  const end = output + <usize>count * sizeof<T>();
  const whole = output + ((<usize>count * sizeof<T>()) & ~15);
  while (output < whole) {
    const a = v128.load(x);
    const b = v128.load(y);
    if (operation == ADD) v128.store(output, v128.add<T>(a, b));
    else if (operation == SUBTRACT) v128.store(output, v128.sub<T>(a, b));
    else if (operation == MULTIPLY) v128.store(output, v128.mul<T>(a, b));
    else v128.store(output, v128.div<T>(a, b));
    x += xStep;
    y += yStep;
    output += 16;
  }
  while (output < end) {
    const a = load<T>(x);
    const b = load<T>(y);
    if (operation == ADD) store<T>(output, a + b);
    else if (operation == SUBTRACT) store<T>(output, a - b);
    else if (operation == MULTIPLY) store<T>(output, a * b);
    else store<T>(output, a / b);
    if (xStep != 0) x += sizeof<T>();
    if (yStep != 0) y += sizeof<T>();
    output += sizeof<T>();
  }
}

// @ts-ignore: decorator
@inline
export function unary<T>(operation: i32, x: usize, xStep: usize, output: usize, count: i32): void {
  const end = output + <usize>count * sizeof<T>();
  const whole = output + ((<usize>count * sizeof<T>()) & ~15);
  while (output < whole) {
    const a = v128.load(x);
    if (operation == ROOT) v128.store(output, v128.sqrt<T>(a));
    else if (operation == NEGATE) v128.store(output, v128.neg<T>(a));
    else v128.store(output, v128.abs<T>(a));
    x += xStep;
    output += 16;
  }
  while (output < end) {
    const a = load<T>(x);
    if (operation == ROOT) store<T>(output, sqrt<T>(a));
    else if (operation == NEGATE) store<T>(output, -a);
    else store<T>(output, abs<T>(a));
    if (xStep != 0) x += sizeof<T>();
    output += sizeof<T>();
  }
}
