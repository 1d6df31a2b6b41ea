import { maskedLanes, pairOf } from './lanes';

/** Adds the squared difference of element i from mean i to square i, where it is no NaN and, with a mask, not masked; 0 stands for no mask. */
// @ts-ignore: decorator
@inline
function spreadSquares<T>(x: usize, mask: usize, count: i32, squares: usize, means: usize): void {
  const end = squares + (<usize>count << 3);
  const whole = squares + (<usize>(count & ~1) << 3);
  while (squares < whole) {
    const value = pairOf<T>(x);
    let counts = f64x2.eq(value, value);
    if (mask != 0) {
      counts = v128.andnot(counts, maskedLanes<f64>(mask));
      mask += 2;
    }
    const difference = f64x2.sub(value, v128.load(means));
    const old = v128.load(squares);
    const sum = f64x2.add(old, f64x2.mul(difference, difference));
    v128.store(squares, v128.bitselect(sum, old, counts));
    x += 2 * sizeof<T>();
    squares += 16;
    means += 16;
  }
  if (squares < end) {
    const value = <f64>load<T>(x);
    const difference = value - load<f64>(means);
    if (value == value && (mask == 0 || load<u8>(mask) == 0))
      store<f64>(squares, load<f64>(squares) + difference * difference);
  }
}

/** The same for one mean, added to one total, one after the other. */
// @ts-ignore: decorator
@inline
function gatherSquares<T>(x: usize, mask: usize, count: i32, cell: usize, mean: f64): void {
  const means = f64x2.splat(mean);
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count & ~1) * sizeof<T>();
  let total = load<f64>(cell);
  while (x < whole) {
    const value = pairOf<T>(x);
    let counts = f64x2.eq(value, value);
    if (mask != 0) {
      counts = v128.andnot(counts, maskedLanes<f64>(mask));
      mask += 2;
    }
    const difference = f64x2.sub(value, means);
    const added = v128.and(f64x2.mul(difference, difference), counts);
    total += f64x2.extract_lane(added, 0);
    total += f64x2.extract_lane(added, 1);
    x += 2 * sizeof<T>();
  }
  if (x < end) {
    const value = <f64>load<T>(x);
    const difference = value - mean;
    if (value == value && (mask == 0 || load<u8>(mask) == 0)) total += difference * difference;
  }
  store<f64>(cell, total);
}

export function spreadSquares_float32(x: usize, mask: usize, count: i32, squares: usize, means: usize): void {
  spreadSquares<f32>(x, mask, count, squares, means);
}

export function spreadSquares_float64(x: usize, mask: usize, count: i32, squares: usize, means: usize): void {
  spreadSquares<f64>(x, mask, count, squares, means);
}

export function gatherSquares_float32(x: usize, mask: usize, count: i32, cell: usize, mean: f64): void {
  gatherSquares<f32>(x, mask, count, cell, mean);
}

export function gatherSquares_float64(x: usize, mask: usize, count: i32, cell: usize, mean: f64): void {
  gatherSquares<f64>(x, mask, count, cell, mean);
}
