import { masked4, pairOf } from './lanes';

/** Sum of a row without masks and weights, in the lanes of `gatherWeighted`; NaN where an element is, or infinities of both signs are met. */
// @ts-ignore: decorator
@inline
function gatherNumbers<T>(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (const whole = count & ~3; i < whole; i += 4) {
    low = f64x2.add(low, pairOf<T>(x));
    high = f64x2.add(high, pairOf<T>(x + 2 * sizeof<T>()));
    x += 4 * sizeof<T>();
  }
  let lane0 = f64x2.extract_lane(low, 0);
  let lane1 = f64x2.extract_lane(low, 1);
  let lane2 = f64x2.extract_lane(high, 0);
  const lane3 = f64x2.extract_lane(high, 1);
  if (i < count) lane0 += <f64>load<T>(x);
  if (i + 1 < count) lane1 += <f64>load<T>(x, sizeof<T>());
  if (i + 2 < count) lane2 += <f64>load<T>(x, 2 * sizeof<T>());
  return lane0 + lane1 + (lane2 + lane3);
}

/**
 * Sums of weight times value and of weights, of a row whose elements go to one cell; what is NaN, or has such a weight, is left out, and what is masked, too. Element i
 * goes to lane i mod 4. A mask, or weights, of 0 are none: then all weigh 1. Writes both sums, and answers 1 for NaN that was not masked, 2 for a number, 3 for both.
 */
// @ts-ignore: decorator
@inline
function gatherWeighted<T>(x: usize, mask: usize, w: usize, count: i32, sums: usize): i32 {
  if (mask == 0 && w == 0 && count > 0) {
    // Most rows are all numbers, and then there is nothing to look at.
    const sum = gatherNumbers<T>(x, count);
    if (sum == sum) {
      store<f64>(sums, sum);
      store<f64>(sums, <f64>count, 8);
      return 2;
    }
  }
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let low = zero;
  let high = zero;
  let lowWeight = zero;
  let highWeight = zero;
  let numbers = zero;
  let nans = zero;
  let i = 0;
  for (const whole = count & ~3; i < whole; i += 4) {
    const a = pairOf<T>(x);
    const b = pairOf<T>(x + 2 * sizeof<T>());
    const u = w != 0 ? v128.load(w) : one;
    const v = w != 0 ? v128.load(w, 16) : one;
    let isA = v128.and(f64x2.eq(a, a), f64x2.eq(u, u));
    let isB = v128.and(f64x2.eq(b, b), f64x2.eq(v, v));
    let noA = v128.not(isA);
    let noB = v128.not(isB);
    if (mask != 0) {
      const absent = masked4(mask);
      const absentA = i64x2.extend_low_i32x4_s(absent);
      const absentB = i64x2.extend_high_i32x4_s(absent);
      isA = v128.andnot(isA, absentA);
      isB = v128.andnot(isB, absentB);
      noA = v128.andnot(noA, absentA);
      noB = v128.andnot(noB, absentB);
      mask += 4;
    }
    numbers = v128.or(numbers, v128.or(isA, isB));
    nans = v128.or(nans, v128.or(noA, noB));
    low = f64x2.add(low, v128.and(f64x2.mul(a, u), isA));
    high = f64x2.add(high, v128.and(f64x2.mul(b, v), isB));
    lowWeight = f64x2.add(lowWeight, v128.and(u, isA));
    highWeight = f64x2.add(highWeight, v128.and(v, isB));
    x += 4 * sizeof<T>();
    if (w != 0) w += 32;
  }
  let met = (v128.any_true(nans) ? 1 : 0) | (v128.any_true(numbers) ? 2 : 0);
  let lane0 = f64x2.extract_lane(low, 0);
  let lane1 = f64x2.extract_lane(low, 1);
  let lane2 = f64x2.extract_lane(high, 0);
  const lane3 = f64x2.extract_lane(high, 1);
  let weight0 = f64x2.extract_lane(lowWeight, 0);
  let weight1 = f64x2.extract_lane(lowWeight, 1);
  let weight2 = f64x2.extract_lane(highWeight, 0);
  const weight3 = f64x2.extract_lane(highWeight, 1);
  for (; i < count; i++) {
    const value = <f64>load<T>(x);
    const weight = w != 0 ? load<f64>(w) : 1;
    x += sizeof<T>();
    if (w != 0) w += 8;
    const absent = mask != 0 && load<u8>(mask++) != 0;
    if (absent) continue;
    if (value != value || weight != weight) {
      met |= 1;
      continue;
    }
    met |= 2;
    const lane = i & 3;
    if (lane == 0) {
      lane0 += value * weight;
      weight0 += weight;
    } else if (lane == 1) {
      lane1 += value * weight;
      weight1 += weight;
    } else {
      lane2 += value * weight;
      weight2 += weight;
    }
  }
  store<f64>(sums, lane0 + lane1 + (lane2 + lane3));
  store<f64>(sums, weight0 + weight1 + (weight2 + weight3), 8);
  return met;
}

export function gatherWeighted_float32(x: usize, mask: usize, w: usize, count: i32, sums: usize): i32 {
  return gatherWeighted<f32>(x, mask, w, count, sums);
}

export function gatherWeighted_float64(x: usize, mask: usize, w: usize, count: i32, sums: usize): i32 {
  return gatherWeighted<f64>(x, mask, w, count, sums);
}

/**
 * Adds rows behind each other, each of which has one weight, to the sums of one cell: both are read and written. Behind these two is room for two more.
 * Answers 1 where nothing but NaN was met, 2 where a number was.
 */
// @ts-ignore: decorator
@inline
function gatherWeightedRows<T>(x: usize, rows: i32, length: i32, factors: usize, sums: usize): i32 {
  let first = load<f64>(sums);
  let weights = load<f64>(sums, 8);
  let met = 0;
  for (let row = 0; row < rows; row++) {
    met |= gatherWeighted<T>(x, 0, 0, length, sums + 16);
    const factor = load<f64>(factors);
    first += factor * load<f64>(sums, 16);
    weights += factor * load<f64>(sums, 24);
    x += length * sizeof<T>();
    factors += 8;
  }
  store<f64>(sums, first);
  store<f64>(sums, weights, 8);
  return (met & 2) != 0 ? 2 : met;
}

export function gatherWeightedRows_float32(
  x: usize,
  rows: i32,
  length: i32,
  factors: usize,
  sums: usize,
): i32 {
  return gatherWeightedRows<f32>(x, rows, length, factors, sums);
}

export function gatherWeightedRows_float64(
  x: usize,
  rows: i32,
  length: i32,
  factors: usize,
  sums: usize,
): i32 {
  return gatherWeightedRows<f64>(x, rows, length, factors, sums);
}
