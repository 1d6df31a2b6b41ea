import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/** Bits of the NaN that stands for a missing value; any other NaN is one of the data. */
const missingBits = 0x7fc00001;
const nanBits = 0x7fc00000;

/** Values for a picture. */
export interface PictureValues {
  /** IEEE 754 single precision, missing ones as a NaN of their own. */
  bits: Uint32Array;
  /** Smallest and largest of the values that are there, of full precision; absent when none is. */
  range?: [number, number];
  missing: number;
  nan: number;
}

/** Values of any numeric type as single precision: a colour tells no more. Throws NOT_COMPUTABLE for text. */
export function pictureValues({ dtype, values, mask }: MaskedArray): PictureValues {
  if (Array.isArray(values) || dtype === 'char')
    throw new HyperslabError('NOT_COMPUTABLE', `values of type ${dtype} can't be drawn; expected numbers`);
  const floats = new Float32Array(values.length);
  const bits = new Uint32Array(floats.buffer);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [missing, nan] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (mask?.[i] === 1) {
      bits[i] = missingBits;
      missing++;
    } else if (Number.isNaN(value)) {
      bits[i] = nanBits;
      nan++;
    } else {
      floats[i] = value;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { bits, missing, nan, ...(low <= high && { range: [low, high] }) };
}

/**
 * A head in JSON and arrays of 32-bit numbers behind it: the length of the head as uint32, the head filled up with blanks
 * to a multiple of four, the arrays one after the other. Little-endian, as every machine is that runs a browser.
 */
export function valueFrame(
  head: object,
  ...arrays: readonly (Float32Array | Uint32Array)[]
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const headLength = Math.ceil(text.length / 4) * 4;
  const frame = new Uint8Array(4 + headLength + arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  new DataView(frame.buffer).setUint32(0, headLength, true);
  frame.fill(0x20, 4, 4 + headLength);
  frame.set(text, 4);
  let at = 4 + headLength;
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return frame;
}
