import { type AecParameters, aecParameters } from './aec/aec-parameters.ts';
import { decodeAec } from './aec/decode-aec.ts';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';
import { shuffleCodec } from './shuffle.ts';

const lengthBytes = 4;

// Bits of the options mask (szlib.h): most significant byte first; "nearest neighbour", which is the preprocessor.
const mostSignificantFirst = 16;
const nearestNeighbour = 32;

/**
 * HDF5's szip filter (H5Z_FILTER_SZIP): the decoded length as uint32 little-endian, then a stream of CCSDS 121.0-B.
 * Configuration: the parameters of the filter, `options_mask`, `pixels_per_block`, `bits_per_pixel`, `pixels_per_scanline`.
 * Only read: nothing is written with it.
 */
export const szipCodec: Codec = {
  name: 'szip',
  decode,
  // A block that does not become smaller is stored as it is, after an identifier of at most 5 bits.
  encodedBound: (decodedLength) => lengthBytes + 4 * decodedLength + 64,
};

interface Scanlines {
  aec: AecParameters;
  /** Bytes of a sample of the stream. */
  width: number;
  /** Bytes of an element whose bytes are coded apart, all first ones first; 1 when elements are coded as such. */
  interleaved: number;
  isBigEndian: boolean;
  /** Samples of a scanline. */
  line: number;
  /** Samples of a scanline with those that fill its last block up. */
  paddedLine: number;
}

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  if (bytes.length < lengthBytes)
    throw codecCorrupt('szip', `at least ${lengthBytes} bytes`, `${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getUint32(0, true);
  if (length > decodedLength)
    throw codecCorrupt('szip', `at most ${decodedLength} bytes to come out`, `${length}`);
  const scanlines = scanlinesOf(configuration);
  const { width, line, paddedLine } = scanlines;
  const count = Math.floor(length / width);
  if (count * width !== length)
    throw codecCorrupt('szip', `whole samples of ${width} bytes`, `${length} bytes`);
  if (count === 0) return new Uint8Array(0);
  const coded = Math.floor((count - 1) / line) * paddedLine + ((count - 1) % line) + 1;
  const samples = decodeAec(bytes.subarray(lengthBytes), scanlines.aec, coded);
  const raw = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const values = line === paddedLine ? raw : withoutPadding(raw, length, line * width, paddedLine * width);
  if (scanlines.interleaved > 1)
    return shuffleCodec.decode(values, { elementsize: scanlines.interleaved }, length);
  return scanlines.isBigEndian ? swapped(values, width) : values;
}

function scanlinesOf(configuration: CodecConfiguration): Scanlines {
  const parameter = (key: string) => positiveInteger('szip', configuration, key);
  const options = parameter('options_mask');
  const blockSize = parameter('pixels_per_block');
  const bits = parameter('bits_per_pixel');
  const line = parameter('pixels_per_scanline');
  // Elements of 32 and 64 bits are coded by their bytes.
  const isInterleaved = bits === 32 || bits === 64;
  if (bits > 24 && !isInterleaved) {
    throw codecUnsupported('szip', `expected 1 to 24, 32 or 64 bits per pixel, found ${bits}`);
  }
  const bitsPerSample = isInterleaved ? 8 : bits;
  const rsi = Math.ceil(line / blockSize);
  return {
    aec: {
      ...aecParameters(0, { bitsPerSample, blockSize, rsi }),
      preprocess: (options & nearestNeighbour) !== 0,
    },
    width: bitsPerSample > 16 ? 4 : bitsPerSample > 8 ? 2 : 1,
    interleaved: isInterleaved ? bits / 8 : 1,
    isBigEndian: (options & mostSignificantFirst) !== 0,
    line,
    paddedLine: rsi * blockSize,
  };
}

function withoutPadding(
  padded: Uint8Array,
  length: number,
  lineBytes: number,
  paddedBytes: number,
): Uint8Array {
  const values = new Uint8Array(length);
  for (let to = 0, from = 0; to < length; to += lineBytes, from += paddedBytes) {
    values.set(padded.subarray(from, from + Math.min(lineBytes, length - to)), to);
  }
  return values;
}

function swapped(values: Uint8Array, width: number): Uint8Array {
  const view = Buffer.from(values.buffer, values.byteOffset, values.length);
  if (width === 2) view.swap16();
  else if (width === 4) view.swap32();
  return values;
}
