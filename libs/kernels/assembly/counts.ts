import { masked4, maskedLanes, pairOf } from './lanes';

/* How many elements are left out, as float64 for each cell or as one number. */

/** Adds 1 to the cells of elements that are masked. */
export function spreadMissing(mask: usize, count: i32, missing: usize): void {
  const one = f64x2.splat(1);
  const end = missing + (<usize>count << 3);
  const whole = missing + (<usize>(count & ~3) << 3);
  while (missing < whole) {
    const absent = masked4(mask);
    addWhere(i64x2.extend_low_i32x4_s(absent), one, missing);
    addWhere(i64x2.extend_high_i32x4_s(absent), one, missing + 16);
    mask += 4;
    missing += 32;
  }
  while (missing < end) {
    if (load<u8>(mask) != 0) store<f64>(missing, load<f64>(missing) + 1);
    mask++;
    missing += 8;
  }
}

/** Adds 1 to the cells of elements that are NaN and, where there is a mask, not masked; 0 stands for no mask. */
// @ts-ignore: decorator
@inline
function spreadNan<T>(x: usize, mask: usize, count: i32, nan: usize): void {
  const one = f64x2.splat(1);
  const end = nan + (<usize>count << 3);
  const whole = nan + (<usize>(count & ~1) << 3);
  while (nan < whole) {
    const value = pairOf<T>(x);
    let isNan = f64x2.ne(value, value);
    if (mask != 0) {
      isNan = v128.andnot(isNan, maskedLanes<f64>(mask));
      mask += 2;
    }
    addWhere(isNan, one, nan);
    x += 2 * sizeof<T>();
    nan += 16;
  }
  if (nan < end) {
    const value = load<T>(x);
    if (value != value && (mask == 0 || load<u8>(mask) == 0)) store<f64>(nan, load<f64>(nan) + 1);
  }
}

// @ts-ignore: decorator
@inline
function addWhere(lanes: v128, one: v128, cells: usize): void {
  v128.store(cells, f64x2.add(v128.load(cells), v128.and(lanes, one)));
}

/** How many elements are masked. */
export function countMissing(mask: usize, count: i32): i32 {
  const end = mask + count;
  const whole = mask + (count & ~15);
  let found = 0;
  while (mask < whole) {
    found += popcnt(i8x16.bitmask(maskedLanes<u8>(mask)));
    mask += 16;
  }
  while (mask < end) found += load<u8>(mask++) != 0 ? 1 : 0;
  return found;
}

/** How many elements are NaN and, where there is a mask, not masked; 0 stands for no mask. */
// @ts-ignore: decorator
@inline
function countNan<T>(x: usize, mask: usize, count: i32): i32 {
  const lanes = <i32>(16 / sizeof<T>());
  const end = x + <usize>count * sizeof<T>();
  const whole = x + <usize>(count - (count % lanes)) * sizeof<T>();
  let found = 0;
  while (x < whole) {
    const value = v128.load(x);
    let isNan = v128.ne<T>(value, value);
    if (mask != 0) {
      isNan = v128.andnot(isNan, maskedLanes<T>(mask));
      mask += lanes;
    }
    found += popcnt(sizeof<T>() == 4 ? i32x4.bitmask(isNan) : i64x2.bitmask(isNan));
    x += 16;
  }
  while (x < end) {
    const value = load<T>(x);
    if (value != value && (mask == 0 || load<u8>(mask) == 0)) found++;
    if (mask != 0) mask++;
    x += sizeof<T>();
  }
  return found;
}

export function spreadNan_float32(x: usize, mask: usize, count: i32, nan: usize): void {
  spreadNan<f32>(x, mask, count, nan);
}

export function spreadNan_float64(x: usize, mask: usize, count: i32, nan: usize): void {
  spreadNan<f64>(x, mask, count, nan);
}

export function countNan_float32(x: usize, mask: usize, count: i32): i32 {
  return countNan<f32>(x, mask, count);
}

export function countNan_float64(x: usize, mask: usize, count: i32): i32 {
  return countNan<f64>(x, mask, count);
}
