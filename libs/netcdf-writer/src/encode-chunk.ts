import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { copyRegion, elementCount, type NumericValues } from '@hyperslab/array';
import type { ChunkStorage } from './definition.ts';
import { bytesOf } from './encode-attribute.ts';

const deflateAsync = promisify(deflate);

/**
 * The valid part of a chunk at the edge of the array, within a whole chunk of fill.
 * @param values row-major values of `shape`
 * @param fill bytes of one element
 */
export function padChunk(
  values: NumericValues,
  shape: readonly number[],
  chunkShape: readonly number[],
  fill: Uint8Array,
): Uint8Array {
  const bytes = bytesOf(values);
  if (shape.every((extent, axis) => extent === chunkShape[axis])) return bytes;
  const padded = new Uint8Array(elementCount(chunkShape) * fill.length);
  if (fill.some((byte) => byte !== 0))
    for (let at = 0; at < padded.length; at += fill.length) padded.set(fill, at);
  const whole = new (values.constructor as new (buffer: ArrayBuffer) => NumericValues)(padded.buffer);
  const origin = shape.map(() => 0);
  copyRegion(values, { arrayShape: shape, origin }, whole, { arrayShape: chunkShape, origin }, shape);
  return padded;
}

/** All first bytes of the elements, then all second ones, … (HDF5 shuffle filter). Always a copy. */
export function shuffle(bytes: Uint8Array, elementSize: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const count = bytes.length / elementSize;
  if (elementSize === 4) shuffleFour(bytes, out, count);
  else
    for (let byte = 0; byte < elementSize; byte++) {
      const plane = out.subarray(byte * count, (byte + 1) * count);
      for (let i = 0, from = byte; i < count; i++, from += elementSize) plane[i] = bytes[from];
    }
  return out;
}

/** One pass over four-byte elements, the most common by far: half the time of four passes. */
function shuffleFour(bytes: Uint8Array, out: Uint8Array, count: number): void {
  for (let i = 0, from = 0; i < count; i++, from += 4) {
    out[i] = bytes[from];
    out[count + i] = bytes[from + 1];
    out[2 * count + i] = bytes[from + 2];
    out[3 * count + i] = bytes[from + 3];
  }
}

/** A chunk as it is stored. The bytes may be changed once this has returned its promise. */
export function encodeChunk(
  bytes: Uint8Array,
  elementSize: number,
  { shuffle: shuffled, deflateLevel }: ChunkStorage,
): Promise<Uint8Array> {
  const own = shuffled ? shuffle(bytes, elementSize) : new Uint8Array(bytes);
  return deflateLevel === 0 ? Promise.resolve(own) : deflateAsync(own, { level: deflateLevel });
}
