/*
 * Vectors of 16 bytes, for all kernels. Kernels get places in memory, in bytes, that need not be aligned, and counts of elements. Helpers
 * are inlined: what they decide by a type or by a constant is decided when they are compiled.
 */

/** All ones in the lanes of T whose byte of a mask is not 0; reads as many bytes as T has lanes. */
// @ts-ignore: decorator
@inline
export function maskedLanes<T>(mask: usize): v128 {
  const zero = i8x16.splat(0);
  if (sizeof<T>() == 1) return i8x16.ne(v128.load(mask), zero);
  if (sizeof<T>() == 2) return i16x8.extend_low_i8x16_s(i8x16.ne(v128.load64_zero(mask), zero));
  if (sizeof<T>() == 4) return masked4(mask);
  const both = i16x8.extend_low_i8x16_s(i8x16.ne(v128.load16_splat(mask), zero));
  return i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(both));
}

/** The same for four bytes, as 32-bit lanes. */
// @ts-ignore: decorator
@inline
export function masked4(mask: usize): v128 {
  const bytes = i8x16.ne(v128.load32_zero(mask), i8x16.splat(0));
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes));
}

/** Two float32 or float64 as float64. */
// @ts-ignore: decorator
@inline
export function pairOf<T>(x: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(x));
  return v128.load(x);
}

/** Four integers of up to 32 bits as int32; of uint32 the same bits. */
// @ts-ignore: decorator
@inline
export function fourOf<T>(x: usize): v128 {
  if (sizeof<T>() == 4) return v128.load(x);
  if (sizeof<T>() == 2) return isSigned<T>() ? v128.load16x4_s(x) : v128.load16x4_u(x);
  const bytes = v128.load32_zero(x);
  return isSigned<T>()
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}
