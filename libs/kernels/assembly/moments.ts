import { maskedLanes, pairOf } from './lanes';

/*
 * Mean and squares of cells that get one element more each (Chan, Golub and LeVeque 1979, eq. 2.1, of one element): what counts is added to `merged`, NaN
 * to `nan`, and what is masked to `missing`; a mask of 0 is none.
 */
// @ts-ignore: decorator
@inline
function spreadMoments<T>(
  x: usize,
  mask: usize,
  count: i32,
  merged: usize,
  means: usize,
  squares: usize,
  nan: usize,
  missing: usize,
): void {
  const one = f64x2.splat(1);
  const end = merged + (<usize>count << 3);
  const whole = merged + (<usize>(count & ~1) << 3);
  // Mostly all cells have got as many: then these are computed once.
  let before = f64x2.splat(0);
  let after = one;
  let ofSquare = f64x2.div(before, after);
  let ofMean = f64x2.div(one, after);
  while (merged < whole) {
    const value = pairOf<T>(x);
    const isNumber = f64x2.eq(value, value);
    let counts = isNumber;
    if (mask != 0) {
      const absent = maskedLanes<f64>(mask);
      counts = v128.andnot(counts, absent);
      v128.store(missing, f64x2.add(v128.load(missing), v128.and(absent, one)));
      v128.store(nan, f64x2.add(v128.load(nan), v128.andnot(v128.andnot(one, isNumber), absent)));
      mask += 2;
      missing += 16;
    } else if (!i64x2.all_true(isNumber)) {
      v128.store(nan, f64x2.add(v128.load(nan), v128.andnot(one, isNumber)));
    }
    const had = v128.load(merged);
    if (!i64x2.all_true(f64x2.eq(had, before))) {
      before = had;
      after = f64x2.add(before, one);
      ofSquare = f64x2.div(before, after);
      ofMean = f64x2.div(one, after);
    }
    const mean = v128.load(means);
    const square = v128.load(squares);
    const difference = f64x2.sub(value, mean);
    const more = f64x2.mul(f64x2.mul(difference, difference), ofSquare);
    v128.store(squares, v128.bitselect(f64x2.add(square, more), square, counts));
    v128.store(means, v128.bitselect(f64x2.add(mean, f64x2.mul(difference, ofMean)), mean, counts));
    v128.store(merged, v128.bitselect(after, had, counts));
    x += 2 * sizeof<T>();
    merged += 16;
    means += 16;
    squares += 16;
    nan += 16;
  }
  if (merged >= end) return;
  const value = <f64>load<T>(x);
  if (mask != 0 && load<u8>(mask) != 0) store<f64>(missing, load<f64>(missing) + 1);
  else if (value != value) store<f64>(nan, load<f64>(nan) + 1);
  else {
    const had = load<f64>(merged);
    const mean = load<f64>(means);
    const difference = value - mean;
    store<f64>(squares, load<f64>(squares) + difference * difference * (had / (had + 1)));
    store<f64>(means, mean + difference * (1 / (had + 1)));
    store<f64>(merged, had + 1);
  }
}

/**
 * Merges mean and squares of cells into those of cells that came before (the same equation): of `total` elements each less those that are missing or NaN,
 * which are added to the others' counts; 0 stands for no such counts.
 */
export function mergeMoments(
  total: f64,
  fromMissing: usize,
  fromNan: usize,
  fromMeans: usize,
  fromSquares: usize,
  count: i32,
  missing: usize,
  nan: usize,
  merged: usize,
  means: usize,
  squares: usize,
): void {
  const zero = f64x2.splat(0);
  const end = <usize>count << 3;
  for (let at: usize = 0; at < end; at += 16) {
    // The last cell alone is computed twice, and stored once.
    const isOne = at + 8 == end;
    let added = f64x2.splat(total);
    if (fromMissing != 0) added = f64x2.sub(added, addCounts(fromMissing + at, missing + at, isOne));
    if (fromNan != 0) added = f64x2.sub(added, addCounts(fromNan + at, nan + at, isOne));
    const had = pairAt(merged + at, isOne);
    const mean = pairAt(means + at, isOne);
    const square = pairAt(squares + at, isOne);
    const after = f64x2.add(had, added);
    const difference = f64x2.sub(pairAt(fromMeans + at, isOne), mean);
    const between = f64x2.mul(f64x2.mul(difference, difference), f64x2.div(f64x2.mul(had, added), after));
    const more = f64x2.add(pairAt(fromSquares + at, isOne), between);
    const counts = f64x2.ne(added, zero);
    storePair(squares + at, v128.bitselect(f64x2.add(square, more), square, counts), isOne);
    const moved = f64x2.mul(difference, f64x2.div(added, after));
    storePair(means + at, v128.bitselect(f64x2.add(mean, moved), mean, counts), isOne);
    storePair(merged + at, v128.bitselect(after, had, counts), isOne);
  }
}

/** Adds counts to others, and answers them. */
// @ts-ignore: decorator
@inline
function addCounts(from: usize, to: usize, isOne: bool): v128 {
  const counts = pairAt(from, isOne);
  storePair(to, f64x2.add(pairAt(to, isOne), counts), isOne);
  return counts;
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize, isOne: bool): v128 {
  return isOne ? v128.load64_splat(at) : v128.load(at);
}

// @ts-ignore: decorator
@inline
function storePair(at: usize, pair: v128, isOne: bool): void {
  if (isOne) v128.store64_lane(at, pair, 0);
  else v128.store(at, pair);
}

export function spreadMoments_float32(
  x: usize,
  mask: usize,
  count: i32,
  merged: usize,
  means: usize,
  squares: usize,
  nan: usize,
  missing: usize,
): void {
  spreadMoments<f32>(x, mask, count, merged, means, squares, nan, missing);
}

export function spreadMoments_float64(
  x: usize,
  mask: usize,
  count: i32,
  merged: usize,
  means: usize,
  squares: usize,
  nan: usize,
  missing: usize,
): void {
  spreadMoments<f64>(x, mask, count, merged, means, squares, nan, missing);
}
