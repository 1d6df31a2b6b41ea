/*
 * Comparisons, with a byte for each element: as results of expressions, and as marks of a mask. A step is 16 for an array, 0 for one
 * value that fills 16 bytes.
 */

// @ts-ignore: decorator
@inline
const LESS = 0;
// @ts-ignore: decorator
@inline
const LESS_OR_EQUAL = 1;
// @ts-ignore: decorator
@inline
const GREATER = 2;
// @ts-ignore: decorator
@inline
const GREATER_OR_EQUAL = 3;
// @ts-ignore: decorator
@inline
const EQUAL = 4;
// @ts-ignore: decorator
@inline
const UNEQUAL = 5;

// @ts-ignore: decorator
@inline
function testLanes<T>(test: i32, x: v128, y: v128): v128 {
  if (test == LESS) return v128.lt<T>(x, y);
  if (test == LESS_OR_EQUAL) return v128.le<T>(x, y);
  if (test == GREATER) return v128.gt<T>(x, y);
  if (test == GREATER_OR_EQUAL) return v128.ge<T>(x, y);
  if (test == EQUAL) return v128.eq<T>(x, y);
  return v128.ne<T>(x, y);
}

// @ts-ignore: decorator
@inline
function testOne<T>(test: i32, x: T, y: T): bool {
  if (test == LESS) return x < y;
  if (test == LESS_OR_EQUAL) return x <= y;
  if (test == GREATER) return x > y;
  if (test == GREATER_OR_EQUAL) return x >= y;
  if (test == EQUAL) return x == y;
  return x != y;
}

/** Sixteen tests: 1 in the bytes of those that hold. */
// @ts-ignore: decorator
@inline
function sixteen<T>(test: i32, x: usize, xStep: usize, y: usize, yStep: usize): v128 {
  const one = i8x16.splat(1);
  const first = testLanes<T>(test, v128.load(x), v128.load(y));
  if (sizeof<T>() == 1) return v128.and(first, one);
  if (sizeof<T>() == 2) {
    const second = testLanes<T>(test, v128.load(x + xStep), v128.load(y + yStep));
    return v128.and(i8x16.narrow_i16x8_s(first, second), one);
  }
  if (sizeof<T>() == 4) {
    const low = i16x8.narrow_i32x4_s(first, testLanes<T>(test, v128.load(x + xStep), v128.load(y + yStep)));
    return v128.and(i8x16.narrow_i16x8_s(low, eight<T>(test, x + 2 * xStep, xStep, y + 2 * yStep, yStep)), one);
  }
  const low = i16x8.narrow_i32x4_s(
    four<T>(test, x, xStep, y, yStep),
    four<T>(test, x + 2 * xStep, xStep, y + 2 * yStep, yStep),
  );
  const high = i16x8.narrow_i32x4_s(
    four<T>(test, x + 4 * xStep, xStep, y + 4 * yStep, yStep),
    four<T>(test, x + 6 * xStep, xStep, y + 6 * yStep, yStep),
  );
  return v128.and(i8x16.narrow_i16x8_s(low, high), one);
}

/** Eight tests of 32-bit elements, in 16 bits each. */
// @ts-ignore: decorator
@inline
function eight<T>(test: i32, x: usize, xStep: usize, y: usize, yStep: usize): v128 {
  return i16x8.narrow_i32x4_s(
    testLanes<T>(test, v128.load(x), v128.load(y)),
    testLanes<T>(test, v128.load(x + xStep), v128.load(y + yStep)),
  );
}

/** Four tests of 64-bit elements, in 32 bits each. */
// @ts-ignore: decorator
@inline
function four<T>(test: i32, x: usize, xStep: usize, y: usize, yStep: usize): v128 {
  const first = testLanes<T>(test, v128.load(x), v128.load(y));
  const second = testLanes<T>(test, v128.load(x + xStep), v128.load(y + yStep));
  return v128.shuffle<i32>(first, second, 0, 2, 4, 6);
}

/** 1 for each element of which the test holds, else 0. */
// @ts-ignore: decorator
@inline
function compare<T>(test: i32, x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  const end = output + count;
  const whole = output + (count & ~15);
  while (output < whole) {
    v128.store(output, sixteen<T>(test, x, xStep, y, yStep));
    x += xStep * sizeof<T>();
    y += yStep * sizeof<T>();
    output += 16;
  }
  while (output < end) {
    store<u8>(output, testOne<T>(test, load<T>(x), load<T>(y)) ? 1 : 0);
    if (xStep != 0) x += sizeof<T>();
    if (yStep != 0) y += sizeof<T>();
    output++;
  }
}

/** Sets the bytes of a mask whose elements the test holds for; answers whether there were any. With 0 for the mask it only looks for the first. */
// @ts-ignore: decorator
@inline
function mark<T>(test: i32, x: usize, y: usize, yStep: usize, mask: usize, count: i32): i32 {
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count & ~15) * sizeof<T>();
  let found = i8x16.splat(0);
  while (x < whole) {
    const marks = sixteen<T>(test, x, 16, y, yStep);
    if (mask == 0) {
      if (v128.any_true(marks)) return 1;
    } else {
      found = v128.or(found, marks);
      v128.store(mask, v128.or(v128.load(mask), marks));
      mask += 16;
    }
    x += 16 * sizeof<T>();
    y += yStep * sizeof<T>();
  }
  let any = v128.any_true(found) ? 1 : 0;
  while (x < end) {
    if (testOne<T>(test, load<T>(x), load<T>(y))) {
      if (mask == 0) return 1;
      store<u8>(mask, load<u8>(mask) | 1);
      any = 1;
    }
    if (mask != 0) mask++;
    x += sizeof<T>();
    if (yStep != 0) y += sizeof<T>();
  }
  return any;
}

export function less_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(LESS, x, xStep, y, yStep, output, count);
}

export function less_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(LESS, x, xStep, y, yStep, output, count);
}

export function lessOrEqual_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(LESS_OR_EQUAL, x, xStep, y, yStep, output, count);
}

export function lessOrEqual_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(LESS_OR_EQUAL, x, xStep, y, yStep, output, count);
}

export function greater_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(GREATER, x, xStep, y, yStep, output, count);
}

export function greater_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(GREATER, x, xStep, y, yStep, output, count);
}

export function greaterOrEqual_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(GREATER_OR_EQUAL, x, xStep, y, yStep, output, count);
}

export function greaterOrEqual_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(GREATER_OR_EQUAL, x, xStep, y, yStep, output, count);
}

export function equal_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(EQUAL, x, xStep, y, yStep, output, count);
}

export function equal_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(EQUAL, x, xStep, y, yStep, output, count);
}

export function unequal_float32(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f32>(UNEQUAL, x, xStep, y, yStep, output, count);
}

export function unequal_float64(x: usize, xStep: usize, y: usize, yStep: usize, output: usize, count: i32): void {
  compare<f64>(UNEQUAL, x, xStep, y, yStep, output, count);
}

export function markEqual_int8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i8>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_uint8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u8>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_int16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i16>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_uint16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u16>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_int32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i32>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_uint32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u32>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_float32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f32>(EQUAL, x, y, 0, mask, count);
}

export function markEqual_float64(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f64>(EQUAL, x, y, 0, mask, count);
}

export function markLess_int8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i8>(LESS, x, y, 0, mask, count);
}

export function markLess_uint8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u8>(LESS, x, y, 0, mask, count);
}

export function markLess_int16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i16>(LESS, x, y, 0, mask, count);
}

export function markLess_uint16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u16>(LESS, x, y, 0, mask, count);
}

export function markLess_int32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i32>(LESS, x, y, 0, mask, count);
}

export function markLess_uint32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u32>(LESS, x, y, 0, mask, count);
}

export function markLess_float32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f32>(LESS, x, y, 0, mask, count);
}

export function markLess_float64(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f64>(LESS, x, y, 0, mask, count);
}

export function markGreater_int8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i8>(GREATER, x, y, 0, mask, count);
}

export function markGreater_uint8(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u8>(GREATER, x, y, 0, mask, count);
}

export function markGreater_int16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i16>(GREATER, x, y, 0, mask, count);
}

export function markGreater_uint16(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u16>(GREATER, x, y, 0, mask, count);
}

export function markGreater_int32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<i32>(GREATER, x, y, 0, mask, count);
}

export function markGreater_uint32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<u32>(GREATER, x, y, 0, mask, count);
}

export function markGreater_float32(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f32>(GREATER, x, y, 0, mask, count);
}

export function markGreater_float64(x: usize, y: usize, mask: usize, count: i32): i32 {
  return mark<f64>(GREATER, x, y, 0, mask, count);
}

/** Marks NaN, which alone differs from itself. */
export function markNan_float32(x: usize, mask: usize, count: i32): i32 {
  return mark<f32>(UNEQUAL, x, x, 16, mask, count);
}

/** Marks NaN, which alone differs from itself. */
export function markNan_float64(x: usize, mask: usize, count: i32): i32 {
  return mark<f64>(UNEQUAL, x, x, 16, mask, count);
}
