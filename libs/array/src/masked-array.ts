import type { DataType, NumericValues } from './data-type.ts';
import { allocateValues, isFixedWidth, itemSize, viewValues } from './data-type.ts';
import { elementCount } from './shape.ts';

/**
 * Values with a mask, in row-major order. `mask` has one byte for each value, 1 where it is missing; without one
 * nothing is missing. What `values` holds where the mask is set means nothing.
 */
export interface MaskedArray {
  dtype: DataType;
  shape: number[];
  values: NumericValues | string[];
  mask?: Uint8Array;
}

/** Zeros of a fixed-width type, nothing missing. */
export function zeros(dtype: DataType, shape: readonly number[]): MaskedArray {
  return { dtype, shape: [...shape], values: allocateValues(dtype, elementCount(shape)) };
}

/** An array on the wire: little-endian values in row-major order; strings each preceded by their uint32 length. */
export interface EncodedArray {
  dtype: string;
  shape: number[];
  data: Uint8Array;
  mask: Uint8Array;
}

/** Bytes of the values of an array, little-endian; shares memory with fixed-width values. */
export function encodeValues(array: MaskedArray): Uint8Array {
  if (!Array.isArray(array.values)) {
    const { buffer, byteOffset, byteLength } = array.values;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  const texts = array.values.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + 4 + text.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}

/** Values of `count` elements from their bytes; copies only when the bytes are not aligned. Throws RangeError on a wrong length. */
export function decodeValues(dtype: string, bytes: Uint8Array, count: number): NumericValues | string[] {
  if (dtype === 'string') return decodeStrings(bytes, count);
  if (!isFixedWidth(dtype)) throw new RangeError(`data type "${dtype}" has no values on the wire`);
  const width = itemSize(dtype);
  if (bytes.length !== count * width) {
    throw new RangeError(`${count} values of ${dtype} take ${count * width} bytes, got ${bytes.length}`);
  }
  // Not `slice`, which of a Buffer is a view at the same offset.
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return viewValues(dtype, aligned.buffer, aligned.byteOffset, count);
}

function decodeStrings(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) throw new RangeError(`string ${i} of ${count} is cut off`);
    const length = view.getUint32(at, true);
    at += 4;
    if (at + length > bytes.length) throw new RangeError(`string ${i} of ${count} is cut off`);
    texts.push(decoder.decode(bytes.slice(at, at + length)));
    at += length;
  }
  return texts;
}

/** An array as it goes on the wire. */
export function encodeArray(array: MaskedArray): EncodedArray {
  return {
    dtype: array.dtype,
    shape: [...array.shape],
    data: encodeValues(array),
    mask: array.mask ?? new Uint8Array(0),
  };
}

/** An array from the wire. Throws RangeError when lengths do not fit the shape. */
export function decodeArray(encoded: EncodedArray): MaskedArray {
  const count = elementCount(encoded.shape);
  if (encoded.mask.length !== 0 && encoded.mask.length !== count) {
    throw new RangeError(`mask of ${encoded.mask.length} bytes for ${count} values`);
  }
  return {
    dtype: encoded.dtype as DataType,
    shape: [...encoded.shape],
    values: decodeValues(encoded.dtype, encoded.data, count),
    mask: encoded.mask.length > 0 ? encoded.mask : undefined,
  };
}
