import { fourOf } from './lanes';

/* Packed numbers as physical ones: each step, product and sum, is rounded in the type of the result. */

/** Of integers of up to 16 bits, which float32 holds. */
// @ts-ignore: decorator
@inline
function scale32<T>(x: usize, count: i32, factor: f32, offset: f32, output: usize): void {
  const factors = f32x4.splat(factor);
  const offsets = f32x4.splat(offset);
  const end = output + (<usize>count << 2);
  const whole = output + (<usize>(count & ~3) << 2);
  while (output < whole) {
    v128.store(output, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(fourOf<T>(x)), factors), offsets));
    x += 4 * sizeof<T>();
    output += 16;
  }
  while (output < end) {
    store<f32>(output, <f32>load<T>(x) * factor + offset);
    x += sizeof<T>();
    output += 4;
  }
}

// @ts-ignore: decorator
@inline
function scale64<T>(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  const factors = f64x2.splat(factor);
  const offsets = f64x2.splat(offset);
  const end = output + (<usize>count << 3);
  const whole = output + (<usize>(count & ~3) << 3);
  while (output < whole) {
    const four = fourOf<T>(x);
    const high = v128.shuffle<i32>(four, four, 2, 3, 2, 3);
    v128.store(output, f64x2.add(f64x2.mul(converted<T>(four), factors), offsets));
    v128.store(output, f64x2.add(f64x2.mul(converted<T>(high), factors), offsets), 16);
    x += 4 * sizeof<T>();
    output += 32;
  }
  while (output < end) {
    store<f64>(output, <f64>load<T>(x) * factor + offset);
    x += sizeof<T>();
    output += 8;
  }
}

// @ts-ignore: decorator
@inline
function converted<T>(integers: v128): v128 {
  return isSigned<T>() ? f64x2.convert_low_i32x4_s(integers) : f64x2.convert_low_i32x4_u(integers);
}

export function scale_int8_float32(x: usize, count: i32, factor: f32, offset: f32, output: usize): void {
  scale32<i8>(x, count, factor, offset, output);
}

export function scale_uint8_float32(x: usize, count: i32, factor: f32, offset: f32, output: usize): void {
  scale32<u8>(x, count, factor, offset, output);
}

export function scale_int16_float32(x: usize, count: i32, factor: f32, offset: f32, output: usize): void {
  scale32<i16>(x, count, factor, offset, output);
}

export function scale_uint16_float32(x: usize, count: i32, factor: f32, offset: f32, output: usize): void {
  scale32<u16>(x, count, factor, offset, output);
}

export function scale_int8_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<i8>(x, count, factor, offset, output);
}

export function scale_uint8_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<u8>(x, count, factor, offset, output);
}

export function scale_int16_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<i16>(x, count, factor, offset, output);
}

export function scale_uint16_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<u16>(x, count, factor, offset, output);
}

export function scale_int32_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<i32>(x, count, factor, offset, output);
}

export function scale_uint32_float64(x: usize, count: i32, factor: f64, offset: f64, output: usize): void {
  scale64<u32>(x, count, factor, offset, output);
}
