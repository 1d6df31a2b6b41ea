/* Values of reductions from their sums: cells are of `total` elements each, less those that are missing or NaN; 0 stands for no such counts. */

/** How many elements two cells count. */
// @ts-ignore: decorator
@inline
function pairCounts(total: v128, missing: usize, nan: usize, at: usize): v128 {
  let counts = total;
  if (missing != 0) counts = f64x2.sub(counts, v128.load(missing + at));
  if (nan != 0) counts = f64x2.sub(counts, v128.load(nan + at));
  return counts;
}

// @ts-ignore: decorator
@inline
function countOf(total: f64, missing: usize, nan: usize, at: usize): f64 {
  let count = total;
  if (missing != 0) count -= load<f64>(missing + at);
  if (nan != 0) count -= load<f64>(nan + at);
  return count;
}

/** 1 when any cell counts no element. */
export function anyUncounted(total: f64, missing: usize, nan: usize, count: i32): i32 {
  const totals = f64x2.splat(total);
  const zero = f64x2.splat(0);
  const whole = <usize>(count & ~1) << 3;
  let counted = i64x2.splat(-1);
  let at: usize = 0;
  for (; at < whole; at += 16) counted = v128.and(counted, f64x2.gt(pairCounts(totals, missing, nan, at), zero));
  if (!i64x2.all_true(counted)) return 1;
  return (count & 1) != 0 && !(countOf(total, missing, nan, at) > 0) ? 1 : 0;
}

/** Divides by the count less `ddof`, which gives NaN where it is not larger, and takes the square root if `root` is not 0. */
// @ts-ignore: decorator
@inline
function divideByCount<T>(
  x: usize,
  total: f64,
  missing: usize,
  nan: usize,
  ddof: f64,
  root: i32,
  output: usize,
  count: i32,
): void {
  const totals = f64x2.splat(total);
  const less = f64x2.splat(ddof);
  const none = f64x2.splat(NaN);
  const whole = <usize>(count & ~1) << 3;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const counts = pairCounts(totals, missing, nan, at);
    const quotient = f64x2.div(v128.load(x + at), f64x2.sub(counts, less));
    let value = v128.bitselect(quotient, none, f64x2.gt(counts, less));
    if (root != 0) value = f64x2.sqrt(value);
    if (sizeof<T>() == 4) v128.store64_lane(output, f32x4.demote_f64x2_zero(value), 0);
    else v128.store(output, value);
    output += 2 * sizeof<T>();
  }
  if ((count & 1) != 0) {
    const own = countOf(total, missing, nan, at);
    let value = own > ddof ? load<f64>(x + at) / (own - ddof) : NaN;
    if (root != 0) value = sqrt(value);
    store<T>(output, <T>value);
  }
}

export function divideByCount_float32(
  x: usize,
  total: f64,
  missing: usize,
  nan: usize,
  ddof: f64,
  root: i32,
  output: usize,
  count: i32,
): void {
  divideByCount<f32>(x, total, missing, nan, ddof, root, output, count);
}

export function divideByCount_float64(
  x: usize,
  total: f64,
  missing: usize,
  nan: usize,
  ddof: f64,
  root: i32,
  output: usize,
  count: i32,
): void {
  divideByCount<f64>(x, total, missing, nan, ddof, root, output, count);
}
