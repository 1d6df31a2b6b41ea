/*
 * The inverse of HDF5's shuffle filter: byte b of element i is at `from + b * stride + i`. The stride is the number of elements of the whole
 * array, of which `count` are brought together.
 */

export function unshuffle2(from: usize, stride: i32, count: i32, to: usize): void {
  const end = from + count;
  const whole = from + (count & ~15);
  while (from < whole) {
    const a = v128.load(from);
    const b = v128.load(from + stride);
    v128.store(to, lowBytes(a, b));
    v128.store(to, highBytes(a, b), 16);
    from += 16;
    to += 32;
  }
  while (from < end) {
    for (let byte: usize = 0; byte < 2; byte++) store<u8>(to + byte, load<u8>(from + byte * stride));
    from++;
    to += 2;
  }
}

export function unshuffle4(from: usize, stride: i32, count: i32, to: usize): void {
  const end = from + count;
  const whole = from + (count & ~15);
  while (from < whole) {
    const a = v128.load(from);
    const b = v128.load(from + stride);
    const c = v128.load(from + 2 * stride);
    const d = v128.load(from + 3 * stride);
    const ab = lowBytes(a, b);
    const cd = lowBytes(c, d);
    v128.store(to, lowPairs(ab, cd));
    v128.store(to, highPairs(ab, cd), 16);
    const abHigh = highBytes(a, b);
    const cdHigh = highBytes(c, d);
    v128.store(to, lowPairs(abHigh, cdHigh), 32);
    v128.store(to, highPairs(abHigh, cdHigh), 48);
    from += 16;
    to += 64;
  }
  while (from < end) {
    for (let byte: usize = 0; byte < 4; byte++) store<u8>(to + byte, load<u8>(from + byte * stride));
    from++;
    to += 4;
  }
}

export function unshuffle8(from: usize, stride: i32, count: i32, to: usize): void {
  const end = from + count;
  const whole = from + (count & ~15);
  while (from < whole) {
    const a = v128.load(from);
    const b = v128.load(from + stride);
    const c = v128.load(from + 2 * stride);
    const d = v128.load(from + 3 * stride);
    const e = v128.load(from + 4 * stride);
    const f = v128.load(from + 5 * stride);
    const g = v128.load(from + 6 * stride);
    const h = v128.load(from + 7 * stride);
    storeEights(lowBytes(a, b), lowBytes(c, d), lowBytes(e, f), lowBytes(g, h), to);
    storeEights(highBytes(a, b), highBytes(c, d), highBytes(e, f), highBytes(g, h), to + 64);
    from += 16;
    to += 128;
  }
  while (from < end) {
    for (let byte: usize = 0; byte < 8; byte++) store<u8>(to + byte, load<u8>(from + byte * stride));
    from++;
    to += 8;
  }
}

/** Eight elements from their pairs of bytes. */
// @ts-ignore: decorator
@inline
function storeEights(ab: v128, cd: v128, ef: v128, gh: v128, to: usize): void {
  const low = lowPairs(ab, cd);
  const lowRest = lowPairs(ef, gh);
  v128.store(to, v128.shuffle<i32>(low, lowRest, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(low, lowRest, 2, 6, 3, 7), 16);
  const high = highPairs(ab, cd);
  const highRest = highPairs(ef, gh);
  v128.store(to, v128.shuffle<i32>(high, highRest, 0, 4, 1, 5), 32);
  v128.store(to, v128.shuffle<i32>(high, highRest, 2, 6, 3, 7), 48);
}

// @ts-ignore: decorator
@inline
function lowBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function highBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function lowPairs(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function highPairs(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
