import { masked4, maskedLanes, pairOf } from './lanes';

/*
 * Sums of floating point, in float64; NaN is left out. All answer 1 when they met a NaN that was not masked, which is then to be counted.
 */

/** Adds element i to sum i. */
// @ts-ignore: decorator
@inline
function spreadSum<T>(x: usize, count: i32, sums: usize): i32 {
  const end = sums + (<usize>count << 3);
  const whole = sums + (<usize>(count & ~3) << 3);
  let numbers = i64x2.splat(-1);
  while (sums < whole) {
    const a = pairOf<T>(x);
    const b = pairOf<T>(x + 2 * sizeof<T>());
    const isA = f64x2.eq(a, a);
    const isB = f64x2.eq(b, b);
    numbers = v128.and(numbers, v128.and(isA, isB));
    v128.store(sums, f64x2.add(v128.load(sums), v128.and(a, isA)));
    v128.store(sums, f64x2.add(v128.load(sums, 16), v128.and(b, isB)), 16);
    x += 4 * sizeof<T>();
    sums += 32;
  }
  let nan = i64x2.all_true(numbers) ? 0 : 1;
  while (sums < end) {
    const value = <f64>load<T>(x);
    store<f64>(sums, load<f64>(sums) + (value == value ? value : 0));
    if (value != value) nan = 1;
    x += sizeof<T>();
    sums += 8;
  }
  return nan;
}

/** The same, and leaves alone what is masked. */
// @ts-ignore: decorator
@inline
function spreadSumMasked<T>(x: usize, mask: usize, count: i32, sums: usize): i32 {
  const end = sums + (<usize>count << 3);
  const whole = sums + (<usize>(count & ~3) << 3);
  let numbers = i64x2.splat(-1);
  while (sums < whole) {
    const absent = masked4(mask);
    numbers = v128.and(numbers, addPair(pairOf<T>(x), i64x2.extend_low_i32x4_s(absent), sums));
    const b = pairOf<T>(x + 2 * sizeof<T>());
    numbers = v128.and(numbers, addPair(b, i64x2.extend_high_i32x4_s(absent), sums + 16));
    x += 4 * sizeof<T>();
    mask += 4;
    sums += 32;
  }
  let nan = i64x2.all_true(numbers) ? 0 : 1;
  while (sums < end) {
    const value = <f64>load<T>(x);
    if (load<u8>(mask) == 0) {
      if (value != value) nan = 1;
      else store<f64>(sums, load<f64>(sums) + value);
    }
    x += sizeof<T>();
    mask++;
    sums += 8;
  }
  return nan;
}

/** Adds two numbers to two sums where they are neither absent nor NaN; all ones where they are absent or no NaN. */
// @ts-ignore: decorator
@inline
function addPair(value: v128, absent: v128, sums: usize): v128 {
  const isNumber = f64x2.eq(value, value);
  const old = v128.load(sums);
  v128.store(sums, v128.bitselect(f64x2.add(old, value), old, v128.andnot(isNumber, absent)));
  return v128.or(isNumber, absent);
}

/** Adds element i to lane i mod 4, of four lanes in memory. The count is a multiple of four. */
// @ts-ignore: decorator
@inline
function gatherSum<T>(x: usize, count: i32, lanes: usize): i32 {
  const end = x + <usize>count * sizeof<T>();
  let numbers = i64x2.splat(-1);
  let low = v128.load(lanes);
  let high = v128.load(lanes, 16);
  while (x < end) {
    const a = pairOf<T>(x);
    const b = pairOf<T>(x + 2 * sizeof<T>());
    const isA = f64x2.eq(a, a);
    const isB = f64x2.eq(b, b);
    numbers = v128.and(numbers, v128.and(isA, isB));
    low = f64x2.add(low, v128.and(a, isA));
    high = f64x2.add(high, v128.and(b, isB));
    x += 4 * sizeof<T>();
  }
  v128.store(lanes, low);
  v128.store(lanes, high, 16);
  return i64x2.all_true(numbers) ? 0 : 1;
}

/**
 * Adds the elements that are neither masked nor NaN to a total, one after the other: masked sums have no lanes. Adding 0 for the others
 * changes no total that began as 0.
 */
// @ts-ignore: decorator
@inline
function gatherSumMasked<T>(x: usize, mask: usize, count: i32, cell: usize): i32 {
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count & ~1) * sizeof<T>();
  let numbers = i64x2.splat(-1);
  let total = load<f64>(cell);
  while (x < whole) {
    const value = pairOf<T>(x);
    const absent = maskedLanes<f64>(mask);
    const isNumber = f64x2.eq(value, value);
    numbers = v128.and(numbers, v128.or(isNumber, absent));
    const added = v128.andnot(v128.and(value, isNumber), absent);
    total += f64x2.extract_lane(added, 0);
    total += f64x2.extract_lane(added, 1);
    x += 2 * sizeof<T>();
    mask += 2;
  }
  let nan = i64x2.all_true(numbers) ? 0 : 1;
  if (x < end && load<u8>(mask) == 0) {
    const value = <f64>load<T>(x);
    if (value != value) nan = 1;
    else total += value;
  }
  store<f64>(cell, total);
  return nan;
}

export function spreadSum_float32(x: usize, count: i32, sums: usize): i32 {
  return spreadSum<f32>(x, count, sums);
}

export function spreadSum_float64(x: usize, count: i32, sums: usize): i32 {
  return spreadSum<f64>(x, count, sums);
}

export function spreadSumMasked_float32(x: usize, mask: usize, count: i32, sums: usize): i32 {
  return spreadSumMasked<f32>(x, mask, count, sums);
}

export function spreadSumMasked_float64(x: usize, mask: usize, count: i32, sums: usize): i32 {
  return spreadSumMasked<f64>(x, mask, count, sums);
}

export function gatherSum_float32(x: usize, count: i32, lanes: usize): i32 {
  return gatherSum<f32>(x, count, lanes);
}

export function gatherSum_float64(x: usize, count: i32, lanes: usize): i32 {
  return gatherSum<f64>(x, count, lanes);
}

export function gatherSumMasked_float32(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherSumMasked<f32>(x, mask, count, cell);
}

export function gatherSumMasked_float64(x: usize, mask: usize, count: i32, cell: usize): i32 {
  return gatherSumMasked<f64>(x, mask, count, cell);
}
