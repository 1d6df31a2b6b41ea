import type { CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';

/** Numbers of a numpy data type, in the byte order of this machine. */
export type NumpyArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** A numpy data type of numbers: "<f4", "|u1", ">i8". */
export interface NumpyType {
  width: number;
  isFloat: boolean;
  isBigInt: boolean;
  bigEndian: boolean;
  create: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => NumpyArray;
}

const arrays: Record<string, NumpyType['create']> = {
  b1: Uint8Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f2: Float16Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** The data type that a parameter names. Throws FORMAT_UNSUPPORTED for one that has no numbers here. */
export function numpyType(codec: string, configuration: CodecConfiguration, key: string): NumpyType {
  const name = configuration[key];
  const [, order, kind] = typeof name === 'string' ? (/^([<>|=]?)([a-z]\d)$/.exec(name) ?? []) : [];
  if (kind === undefined || !Object.hasOwn(arrays, kind)) {
    throw codecUnsupported(
      codec,
      `expected "${key}" to be a numpy type of numbers, found ${JSON.stringify(name)}`,
    );
  }
  return {
    width: Number(kind[1]),
    isFloat: kind[0] === 'f',
    isBigInt: kind === 'i8' || kind === 'u8',
    bigEndian: order === '>',
    create: arrays[kind],
  };
}

/** Numbers from bytes of a type; they may share memory. Throws FORMAT_CORRUPT unless the bytes are whole elements. */
export function numpyValues(codec: string, bytes: Uint8Array, type: NumpyType): NumpyArray {
  if (bytes.length % type.width !== 0) {
    throw codecCorrupt(codec, `whole elements of ${type.width} bytes`, `${bytes.length} bytes`);
  }
  const usable = type.bigEndian
    ? swapped(bytes, type.width)
    : bytes.byteOffset % type.width === 0
      ? bytes
      : new Uint8Array(bytes);
  return new type.create(usable.buffer, usable.byteOffset, usable.length / type.width);
}

/** Zeros of a type, to be filled. */
export function numpyZeros(type: NumpyType, length: number): NumpyArray {
  return new type.create(new ArrayBuffer(length * type.width), 0, length);
}

/** Bytes of numbers in the byte order of a type. */
export function numpyBytes(values: NumpyArray, type: NumpyType): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return type.bigEndian ? swapped(bytes, type.width) : bytes;
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = Buffer.from(copy.buffer);
  if (width === 2) view.swap16();
  else if (width === 4) view.swap32();
  else if (width === 8) view.swap64();
  return copy;
}

/** Puts numbers into an array of another type as C casts them: fractions are cut off, integers wrap around. */
export function castNumpy(from: NumpyArray, to: NumpyArray): void {
  for (let i = 0; i < from.length; i++) putNumber(to, i, from[i]);
}

/** The same for one number. What is no number, or far too large, becomes the smallest 64-bit integer, as on x86. */
export function putNumber(to: NumpyArray, i: number, value: number | bigint): void {
  if (to instanceof BigInt64Array || to instanceof BigUint64Array) {
    to[i] = typeof value === 'bigint' ? value : wholeOf(value);
  } else to[i] = Number(value);
}

function wholeOf(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}
