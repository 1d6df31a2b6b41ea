import { ABSOLUTE, ADD, binary, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, NEGATE, ROOT, SUBTRACT, unary } from './arithmetic';

/* Arithmetic of whole arrays; see `arithmetic.ts`. */

export function add_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(ADD, x, xStep, y, yStep, output, count);
}

export function add_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(ADD, x, xStep, y, yStep, output, count);
}

export function subtract_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(SUBTRACT, x, xStep, y, yStep, output, count);
}

export function subtract_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(SUBTRACT, x, xStep, y, yStep, output, count);
}

export function multiply_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(MULTIPLY, x, xStep, y, yStep, output, count);
}

export function multiply_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(MULTIPLY, x, xStep, y, yStep, output, count);
}

export function divide_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(DIVIDE, x, xStep, y, yStep, output, count);
}

export function divide_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(DIVIDE, x, xStep, y, yStep, output, count);
}

export function minimum_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(MINIMUM, x, xStep, y, yStep, output, count);
}

export function minimum_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(MINIMUM, x, xStep, y, yStep, output, count);
}

export function maximum_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f32>(MAXIMUM, x, xStep, y, yStep, output, count);
}

export function maximum_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  binary<f64>(MAXIMUM, x, xStep, y, yStep, output, count);
}

export function root_float32(x: usize, output: usize, count: i32): void {
  unary<f32>(ROOT, x, 16, output, count);
}

export function root_float64(x: usize, output: usize, count: i32): void {
  unary<f64>(ROOT, x, 16, output, count);
}

export function negate_float32(x: usize, output: usize, count: i32): void {
  unary<f32>(NEGATE, x, 16, output, count);
}

export function negate_float64(x: usize, output: usize, count: i32): void {
  unary<f64>(NEGATE, x, 16, output, count);
}

export function absolute_float32(x: usize, output: usize, count: i32): void {
  unary<f32>(ABSOLUTE, x, 16, output, count);
}

export function absolute_float64(x: usize, output: usize, count: i32): void {
  unary<f64>(ABSOLUTE, x, 16, output, count);
}
