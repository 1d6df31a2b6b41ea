import { maskedLanes } from './lanes';

/*
 * Least and greatest elements. NaN is left out, as no comparison with it holds; of equal ones (0 and -0) the first stays. All answer 1
 * when they met a NaN, masked or not. 0 stands for no mask.
 */

// @ts-ignore: decorator
@inline
function better<T>(least: bool, extreme: v128, value: v128): v128 {
  // Of floats these take the second only where it is less, or greater, than the first.
  if (isFloat<T>()) return least ? v128.pmin<T>(extreme, value) : v128.pmax<T>(extreme, value);
  return least ? v128.min<T>(extreme, value) : v128.max<T>(extreme, value);
}

// @ts-ignore: decorator
@inline
function isBetter<T>(least: bool, value: T, extreme: T): bool {
  return least ? value < extreme : value > extreme;
}

/** Compares element i with extreme i. */
// @ts-ignore: decorator
@inline
function spreadExtreme<T>(least: bool, x: usize, mask: usize, count: i32, extremes: usize): i32 {
  const lanes = <i32>(16 / sizeof<T>());
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count - (count % lanes)) * sizeof<T>();
  let numbers = i64x2.splat(-1);
  while (x < whole) {
    let value = v128.load(x);
    const extreme = v128.load(extremes);
    if (isFloat<T>()) numbers = v128.and(numbers, v128.eq<T>(value, value));
    if (mask != 0) {
      value = v128.bitselect(extreme, value, maskedLanes<T>(mask));
      mask += lanes;
    }
    v128.store(extremes, better<T>(least, extreme, value));
    x += 16;
    extremes += 16;
  }
  let nan = allOnes(numbers) ? 0 : 1;
  while (x < end) {
    const value = load<T>(x);
    if (value != value) nan = 1;
    if ((mask == 0 || load<u8>(mask) == 0) && isBetter<T>(least, value, load<T>(extremes))) store<T>(extremes, value);
    if (mask != 0) mask++;
    x += sizeof<T>();
    extremes += sizeof<T>();
  }
  return nan;
}

/** Compares all elements with one extreme. */
// @ts-ignore: decorator
@inline
function gatherExtreme<T>(least: bool, x: usize, mask: usize, count: i32, cell: usize): i32 {
  const lanes = <i32>(16 / sizeof<T>());
  const start = x;
  const startOfMask = mask;
  const before = load<T>(cell);
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count - (count % lanes)) * sizeof<T>();
  let numbers = i64x2.splat(-1);
  let extremes = v128.splat<T>(before);
  while (x < whole) {
    let value = v128.load(x);
    if (isFloat<T>()) numbers = v128.and(numbers, v128.eq<T>(value, value));
    if (mask != 0) {
      value = v128.bitselect(extremes, value, maskedLanes<T>(mask));
      mask += lanes;
    }
    extremes = better<T>(least, extremes, value);
    x += 16;
  }
  let nan = allOnes(numbers) ? 0 : 1;
  let extreme = before;
  v128.store(cell, extremes);
  for (let lane = 0; lane < lanes; lane++) {
    const value = load<T>(cell + <usize>lane * sizeof<T>());
    if (isBetter<T>(least, value, extreme)) extreme = value;
  }
  while (x < end) {
    const value = load<T>(x);
    if (value != value) nan = 1;
    if ((mask == 0 || load<u8>(mask) == 0) && isBetter<T>(least, value, extreme)) extreme = value;
    if (mask != 0) mask++;
    x += sizeof<T>();
  }
  if (isFloat<T>() && extreme == 0 && before != 0) extreme = firstZero<T>(start, startOfMask);
  store<T>(cell, extreme);
  return nan;
}

/** The first zero that is not masked, of elements of which one is: lanes do not tell which of 0 and -0 came first. */
// @ts-ignore: decorator
@inline
function firstZero<T>(x: usize, mask: usize): T {
  while (load<T>(x) != 0 || (mask != 0 && load<u8>(mask) != 0)) {
    x += sizeof<T>();
    if (mask != 0) mask++;
  }
  return load<T>(x);
}

// @ts-ignore: decorator
@inline
function allOnes(bits: v128): bool {
  return !v128.any_true(v128.not(bits));
}

export function spreadMin_int8(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i8>(true, x, mask, count, extremes);
}

export function spreadMin_uint8(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u8>(true, x, mask, count, extremes);
}

export function spreadMin_int16(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i16>(true, x, mask, count, extremes);
}

export function spreadMin_uint16(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u16>(true, x, mask, count, extremes);
}

export function spreadMin_int32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i32>(true, x, mask, count, extremes);
}

export function spreadMin_uint32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u32>(true, x, mask, count, extremes);
}

export function spreadMin_float32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<f32>(true, x, mask, count, extremes);
}

export function spreadMin_float64(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<f64>(true, x, mask, count, extremes);
}

export function gatherMin_int8(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i8>(true, x, mask, count, cell);
}

export function gatherMin_uint8(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u8>(true, x, mask, count, cell);
}

export function gatherMin_int16(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i16>(true, x, mask, count, cell);
}

export function gatherMin_uint16(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u16>(true, x, mask, count, cell);
}

export function gatherMin_int32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i32>(true, x, mask, count, cell);
}

export function gatherMin_uint32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u32>(true, x, mask, count, cell);
}

export function gatherMin_float32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<f32>(true, x, mask, count, cell);
}

export function gatherMin_float64(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<f64>(true, x, mask, count, cell);
}

export function spreadMax_int8(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i8>(false, x, mask, count, extremes);
}

export function spreadMax_uint8(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u8>(false, x, mask, count, extremes);
}

export function spreadMax_int16(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i16>(false, x, mask, count, extremes);
}

export function spreadMax_uint16(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u16>(false, x, mask, count, extremes);
}

export function spreadMax_int32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<i32>(false, x, mask, count, extremes);
}

export function spreadMax_uint32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<u32>(false, x, mask, count, extremes);
}

export function spreadMax_float32(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<f32>(false, x, mask, count, extremes);
}

export function spreadMax_float64(x: usize, mask: usize, count: i32, extremes: usize): i32 {
  return spreadExtreme<f64>(false, x, mask, count, extremes);
}

export function gatherMax_int8(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i8>(false, x, mask, count, cell);
}

export function gatherMax_uint8(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u8>(false, x, mask, count, cell);
}

export function gatherMax_int16(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i16>(false, x, mask, count, cell);
}

export function gatherMax_uint16(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u16>(false, x, mask, count, cell);
}

export function gatherMax_int32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<i32>(false, x, mask, count, cell);
}

export function gatherMax_uint32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<u32>(false, x, mask, count, cell);
}

export function gatherMax_float32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<f32>(false, x, mask, count, cell);
}

export function gatherMax_float64(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherExtreme<f64>(false, x, mask, count, cell);
}
