import { pairOf } from './lanes';

/*
 * Sums of short windows behind each other, of floating point, in float64; NaN is left out. Element i of a window goes to lane i mod 4, but what is behind the
 * last four to the total. All answer 1 when they met a NaN, which is then to be counted.
 */

// @ts-ignore: decorator
@inline
function windowSum<T>(x: usize, windows: i32, length: i32, sums: usize): i32 {
  if (length == 4) return windowsOfFour<T>(x, windows, sums);
  const whole = length & ~3;
  let numbers = i64x2.splat(-1);
  let nan = 0;
  for (let window = 0; window < windows; window++) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let i = 0;
    for (; i < whole; i += 4) {
      const a = pairOf<T>(x);
      const b = pairOf<T>(x + 2 * sizeof<T>());
      const isA = f64x2.eq(a, a);
      const isB = f64x2.eq(b, b);
      numbers = v128.and(numbers, v128.and(isA, isB));
      low = f64x2.add(low, v128.and(a, isA));
      high = f64x2.add(high, v128.and(b, isB));
      x += 4 * sizeof<T>();
    }
    const front = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
    let total = front + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
    for (; i < length; i++) {
      const value = <f64>load<T>(x);
      if (value == value) total += value;
      else nan = 1;
      x += sizeof<T>();
    }
    store<f64>(sums, load<f64>(sums) + total);
    sums += 8;
  }
  return nan | (i64x2.all_true(numbers) ? 0 : 1);
}

/** Two windows at a time. */
// @ts-ignore: decorator
@inline
function windowsOfFour<T>(x: usize, windows: i32, sums: usize): i32 {
  const zero = f64x2.splat(0);
  let numbers = i64x2.splat(-1);
  for (let window = 0; window < windows; window += 2) {
    const a = pairOf<T>(x);
    const b = pairOf<T>(x + 2 * sizeof<T>());
    const isOdd = window + 1 == windows;
    const c = isOdd ? zero : pairOf<T>(x + 4 * sizeof<T>());
    const d = isOdd ? zero : pairOf<T>(x + 6 * sizeof<T>());
    const isA = f64x2.eq(a, a);
    const isB = f64x2.eq(b, b);
    const isC = f64x2.eq(c, c);
    const isD = f64x2.eq(d, d);
    numbers = v128.and(numbers, v128.and(v128.and(isA, isB), v128.and(isC, isD)));
    // Lanes begin at 0, to which -0 adds nothing.
    const low = pairSums(f64x2.add(zero, v128.and(a, isA)), f64x2.add(zero, v128.and(c, isC)));
    const high = pairSums(f64x2.add(zero, v128.and(b, isB)), f64x2.add(zero, v128.and(d, isD)));
    const totals = f64x2.add(low, high);
    if (isOdd) store<f64>(sums, load<f64>(sums) + f64x2.extract_lane(totals, 0));
    else v128.store(sums, f64x2.add(v128.load(sums), totals));
    x += 8 * sizeof<T>();
    sums += 16;
  }
  return i64x2.all_true(numbers) ? 0 : 1;
}

/** The sum of each of two pairs. */
// @ts-ignore: decorator
@inline
function pairSums(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

export function windowSum_float32(x: usize, windows: i32, length: i32, sums: usize): i32 {
  return windowSum<f32>(x, windows, length, sums);
}

export function windowSum_float64(x: usize, windows: i32, length: i32, sums: usize): i32 {
  return windowSum<f64>(x, windows, length, sums);
}
