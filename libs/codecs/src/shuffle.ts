import { type Allocator, ordinaryMemory, unshuffleByKernel } from '@hyperslab/kernels';
import type { Codec, CodecConfiguration } from './codec.ts';
import { positiveInteger } from './configuration.ts';

/**
 * HDF5's shuffle filter (H5Z_FILTER_SHUFFLE, numcodecs "shuffle"): all first bytes of the elements, then all second
 * bytes, …; bytes past the last whole element stay at the end. `elementsize` is the width of an element.
 */
export const shuffleCodec: Codec = {
  name: 'shuffle',
  decode: unshuffle,
  encode: shuffle,
  encodedBound: (decodedLength) => decodedLength,
};

function unshuffle(
  bytes: Uint8Array,
  configuration: CodecConfiguration,
  _decodedLength: number,
  memory: Allocator = ordinaryMemory,
): Uint8Array {
  const width = positiveInteger('shuffle', configuration, 'elementsize');
  const count = Math.floor(bytes.length / width);
  if (width === 1 || count <= 1) return bytes;
  const result = memory.array('uint8', bytes.length) as Uint8Array;
  if (!unshuffleByKernel(bytes, width, count, result)) unshufflePlainly(bytes, width, count, result);
  result.set(bytes.subarray(count * width), count * width);
  return result;
}

function unshufflePlainly(bytes: Uint8Array, width: number, count: number, result: Uint8Array): void {
  if (width === 2) unshuffle2(bytes, result, count);
  else if (width === 4) unshuffle4(bytes, result, count, 0, 1);
  else if (width === 8) {
    unshuffle4(bytes, result, count, 0, 2);
    unshuffle4(bytes, result, count, 1, 2);
  } else {
    for (let byte = 0; byte < width; byte++) {
      const from = byte * count;
      for (let i = 0, to = byte; i < count; i++, to += width) result[to] = bytes[from + i];
    }
  }
}

// Whole words are stored instead of bytes: four times as fast as the loop above.
function unshuffle2(bytes: Uint8Array, result: Uint8Array, count: number): void {
  const words = new Uint16Array(result.buffer, result.byteOffset, count);
  for (let i = 0; i < count; i++) words[i] = bytes[i] | (bytes[count + i] << 8);
}

/** Fills every `spacing`-th 32-bit word, from word `first` on, from the four planes of bytes that it is made of. */
function unshuffle4(
  bytes: Uint8Array,
  result: Uint8Array,
  count: number,
  first: number,
  spacing: number,
): void {
  const words = new Uint32Array(result.buffer, result.byteOffset, count * spacing);
  const plane0 = 4 * first * count;
  const plane1 = plane0 + count;
  const plane2 = plane1 + count;
  const plane3 = plane2 + count;
  for (let i = 0, to = first; i < count; i++, to += spacing) {
    words[to] =
      bytes[plane0 + i] | (bytes[plane1 + i] << 8) | (bytes[plane2 + i] << 16) | (bytes[plane3 + i] << 24);
  }
}

function shuffle(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const width = positiveInteger('shuffle', configuration, 'elementsize');
  const count = Math.floor(bytes.length / width);
  const result = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    const to = byte * count;
    for (let i = 0, from = byte; i < count; i++, from += width) result[to + i] = bytes[from];
  }
  result.set(bytes.subarray(count * width), count * width);
  return result;
}
