/*
 * Arithmetic, minimum and maximum of floating point, element by element. A step is 16 for an array, 0 for one value that fills 16 bytes. The output may be
 * one of the arrays. Four vectors at a time: of one, counting takes as long as computing.
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
export const MINIMUM = 7;
// @ts-ignore: decorator
@inline
export const MAXIMUM = 8;

/** With one NaN for all: which bits it has is for the machine to choose else. */
// @ts-ignore: decorator
@inline
function oneNan<T>(a: v128): v128 {
  return v128.bitselect(a, v128.splat<T>(<T>NaN), v128.eq<T>(a, a));
}

// @ts-ignore: decorator
@inline
function combined<T>(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return v128.add<T>(a, b);
  if (operation == SUBTRACT) return v128.sub<T>(a, b);
  if (operation == MULTIPLY) return v128.mul<T>(a, b);
  if (operation == MINIMUM) return oneNan<T>(v128.min<T>(a, b));
  if (operation == MAXIMUM) return oneNan<T>(v128.max<T>(a, b));
  return v128.div<T>(a, b);
}

// @ts-ignore: decorator
@inline
function changed<T>(operation: i32, a: v128): v128 {
  if (operation == ROOT) return v128.sqrt<T>(a);
  if (operation == NEGATE) return v128.neg<T>(a);
  return v128.abs<T>(a);
}

// @ts-ignore: decorator
@inline
export function binary<T>(operation: i32, x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  const end = output + <usize>count * sizeof<T>();
  const fours = output + ((<usize>count * sizeof<T>()) & ~63);
  const whole = output + ((<usize>count * sizeof<T>()) & ~15);
  while (output < fours) {
    v128.store(output, combined<T>(operation, v128.load(x), v128.load(y)));
    v128.store(output, combined<T>(operation, v128.load(x + xStep), v128.load(y + yStep)), 16);
    v128.store(output, combined<T>(operation, v128.load(x + 2 * xStep), v128.load(y + 2 * yStep)), 32);
    v128.store(output, combined<T>(operation, v128.load(x + 3 * xStep), v128.load(y + 3 * yStep)), 48);
    x += 4 * xStep;
    y += 4 * yStep;
    output += 64;
  }
  while (output < whole) {
    v128.store(output, combined<T>(operation, v128.load(x), v128.load(y)));
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
    else if (operation == MINIMUM || operation == MAXIMUM) {
      const extreme = operation == MINIMUM ? min<T>(a, b) : max<T>(a, b);
      store<T>(output, extreme == extreme ? extreme : <T>NaN);
    }
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
  const fours = output + ((<usize>count * sizeof<T>()) & ~63);
  const whole = output + ((<usize>count * sizeof<T>()) & ~15);
  while (output < fours) {
    v128.store(output, changed<T>(operation, v128.load(x)));
    v128.store(output, changed<T>(operation, v128.load(x + xStep)), 16);
    v128.store(output, changed<T>(operation, v128.load(x + 2 * xStep)), 32);
    v128.store(output, changed<T>(operation, v128.load(x + 3 * xStep)), 48);
    x += 4 * xStep;
    output += 64;
  }
  while (output < whole) {
    v128.store(output, changed<T>(operation, v128.load(x)));
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
