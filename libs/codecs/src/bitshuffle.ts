import { bitUnshuffle } from './bit-unshuffle.ts';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';
import { allocateDecoded } from './copy-match.ts';
import { LengthPrefixed } from './length-prefixed.ts';
import { decodeLz4Block, lz4LargestRatio } from './lz4-block.ts';
import { decodeZstdInto, zstdLargestRatio } from './zstd.ts';

// Blocks are multiples of so many elements; what is left over at the end is stored as it is.
const blockedMultiple = 8;
const targetBlockBytes = 8192;
const leastBlockElements = 128;

/**
 * The bitshuffle filter of HDF5 (32008): bits are transposed in blocks of elements, and blocks compressed.
 * Configuration: `elementsize` in bytes; `compression` "none", "lz4" or "zstd"; `blocksize` in elements where there is no
 * compression, 0 for the library's choice (else it stands in the data). Only read.
 */
export const bitshuffleCodec: Codec = {
  name: 'bitshuffle',
  decode,
  // Blocks of 8 elements of one byte, each after a length of 4 bytes, with what a block that doesn't shrink takes more.
  encodedBound: (decodedLength) => 12 + 4 * decodedLength + 64,
};

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const width = positiveInteger('bitshuffle', configuration, 'elementsize');
  switch (configuration.compression) {
    case 'none':
      return decodePlain(bytes, width, blockElements(configuration, width));
    case 'lz4':
      return decodeCompressed(bytes, width, decodedLength, lz4LargestRatio, (stored, block) =>
        decodeLz4Block('bitshuffle', stored, block),
      );
    case 'zstd':
      return decodeCompressed(bytes, width, decodedLength, zstdLargestRatio, (stored, block) =>
        decodeZstdInto('bitshuffle', stored, block),
      );
    default:
      throw codecUnsupported(
        'bitshuffle',
        `expected "compression" to be none, lz4 or zstd, found ${JSON.stringify(configuration.compression)}`,
      );
  }
}

function blockElements({ blocksize }: CodecConfiguration, width: number): number {
  if (typeof blocksize === 'number' && blocksize > 0) return blocksize;
  const fitting = Math.floor(targetBlockBytes / width);
  return Math.max(leastBlockElements, fitting - (fitting % blockedMultiple));
}

function decodePlain(bytes: Uint8Array, width: number, perBlock: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const end = eachBlock(bytes.length, width, perBlock, (from, to) =>
    bitUnshuffle(bytes.subarray(from, to), out.subarray(from, to), width),
  );
  out.set(bytes.subarray(end), end);
  return out;
}

function decodeCompressed(
  bytes: Uint8Array,
  width: number,
  decodedLength: number,
  largestRatio: number,
  decodeBlock: (stored: Uint8Array, block: Uint8Array) => void,
): Uint8Array {
  const parts = new LengthPrefixed('bitshuffle', bytes, decodedLength);
  const out = allocateDecoded('bitshuffle', parts.length, bytes.length, largestRatio);
  const perBlock = Math.floor(parts.blockBytes / width);
  const block = new Uint8Array(Math.min(out.length, perBlock * width));
  const end = eachBlock(out.length, width, perBlock, (from, to) => {
    const part = block.subarray(0, to - from);
    decodeBlock(parts.next(), part);
    bitUnshuffle(part, out.subarray(from, to), width);
  });
  out.set(parts.take(out.length - end), end);
  return out;
}

/** Calls with where each block begins and ends; returns where the elements begin that are in none. */
function eachBlock(
  length: number,
  width: number,
  perBlock: number,
  visit: (from: number, to: number) => void,
): number {
  if (perBlock < blockedMultiple || perBlock % blockedMultiple !== 0) {
    throw codecCorrupt('bitshuffle', `blocks of a multiple of ${blockedMultiple} elements`, String(perBlock));
  }
  const elements = Math.floor(length / width);
  if (elements * width !== length) throw wrongLength(elements * width, length);
  const blocked = elements - (elements % blockedMultiple);
  for (let element = 0; element < blocked; element += perBlock) {
    visit(element * width, Math.min(blocked, element + perBlock) * width);
  }
  return blocked * width;
}

function wrongLength(expected: number, found: number): Error {
  return codecCorrupt('bitshuffle', `${expected} bytes to come out`, String(found));
}
