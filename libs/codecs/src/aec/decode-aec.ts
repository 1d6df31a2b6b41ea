import { BitReader } from '../bit-reader.ts';
import { codecCorrupt } from '../codec-error.ts';
import { decodeAecNatively } from '../native/libaec.ts';
import { type AecParameters, checkAecParameters, identifierBits } from './aec-parameters.ts';
import { blockCoding, readInterval } from './read-interval.ts';

/** Samples as numbers; unsigned or signed as the parameters say, in the narrowest type that holds their bits. */
type AecSamples = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array;

// A run of 64 blocks of zeros is the most that so few bits stand for: identifier, kind, and the code of its length.
const shortestRunBits = 1 + 5;
const longestRunBlocks = 64;

/**
 * `count` samples of a stream that was coded by CCSDS 121.0-B-3 (lossless data compression; "adaptive entropy coding" of
 * libaec). Bytes past the last sample are not looked at. Throws FORMAT_CORRUPT for a stream that ends before or has codes
 * that there are none of, and FORMAT_UNSUPPORTED for parameters that there are none of.
 */
export function decodeAec(bytes: Uint8Array, parameters: AecParameters, count: number): AecSamples {
  checkAecParameters(parameters);
  const { blockSize } = parameters;
  const runs = (8 * bytes.length) / (identifierBits(parameters) + shortestRunBits) + 1;
  if (count > runs * longestRunBlocks * blockSize) {
    throw codecCorrupt('aec', `a stream that can hold ${count} samples`, `${bytes.length} bytes`);
  }
  const samples = allocate(parameters, count);
  const { buffer, byteOffset, byteLength } = samples;
  if (!decodeAecNatively(bytes, parameters, new Uint8Array(buffer, byteOffset, byteLength)))
    decodeIntervals(bytes, parameters, samples);
  return samples;
}

function decodeIntervals(bytes: Uint8Array, parameters: AecParameters, samples: AecSamples): void {
  const { blockSize, rsi, preprocess, padRsi } = parameters;
  const count = samples.length;
  const reader = new BitReader('aec', bytes);
  const coding = blockCoding(parameters);
  const interval = new Uint32Array(rsi * blockSize);
  for (let done = 0; done < count; done += interval.length) {
    const wanted = Math.min(interval.length, count - done);
    readInterval(reader, coding, interval, wanted);
    const part = samples.subarray(done, done + wanted);
    if (preprocess) undoDifferences(interval, parameters, part);
    else for (let i = 0; i < wanted; i++) part[i] = withSign(interval[i], parameters);
    if (padRsi) reader.align();
  }
}

function allocate({ bitsPerSample, signed }: AecParameters, count: number): AecSamples {
  if (bitsPerSample > 16) return signed ? new Int32Array(count) : new Uint32Array(count);
  if (bitsPerSample > 8) return signed ? new Int16Array(count) : new Uint16Array(count);
  return signed ? new Int8Array(count) : new Uint8Array(count);
}

/**
 * Samples from the reference sample and the mapped differences after it (section 4.2): small differences of either sign
 * take turns, and those that only one sign can have follow.
 */
function undoDifferences(mapped: Uint32Array, parameters: AecParameters, samples: AecSamples): void {
  const { bitsPerSample, signed } = parameters;
  const least = signed ? -(2 ** (bitsPerSample - 1)) : 0;
  const most = least + 2 ** bitsPerSample - 1;
  let value = withSign(mapped[0], parameters);
  samples[0] = value;
  for (let i = 1; i < samples.length; i++) {
    const code = mapped[i];
    const below = value - least;
    const above = most - value;
    if (code > 2 * Math.min(below, above)) value = below < above ? least + code : most - code;
    else value += (code & 1) === 0 ? code / 2 : -(code + 1) / 2;
    samples[i] = value;
  }
}

function withSign(sample: number, { bitsPerSample, signed }: AecParameters): number {
  return signed && sample >= 2 ** (bitsPerSample - 1) ? sample - 2 ** bitsPerSample : sample;
}
