import type { BitReader } from '../bit-reader.ts';
import { codecCorrupt } from '../codec-error.ts';
import { type AecParameters, identifierBits } from './aec-parameters.ts';

// A run of zero blocks ends at a multiple of 64 blocks at the latest; this length of its code says that it ends there.
const segmentBlocks = 64;
const restOfSegment = 5;

// Pairs of the second extension add up to 12 at most: libaec writes no larger ones, and blocks of such are no longer short.
const pairs = [...Array(13).keys()].flatMap((sum) =>
  Array.from({ length: sum + 1 }, (_, second) => [sum - second, second] as const),
);

/** What a reader of blocks needs to know of their coding. */
interface BlockCoding {
  readonly parameters: AecParameters;
  readonly identifierBits: number;
  /** The identifier of blocks that are not coded: all ones. */
  readonly uncoded: number;
  readonly largest: number;
}

export function blockCoding(parameters: AecParameters): BlockCoding {
  const bits = identifierBits(parameters);
  return {
    parameters,
    identifierBits: bits,
    uncoded: 2 ** bits - 1,
    largest: 2 ** parameters.bitsPerSample - 1,
  };
}

/**
 * Reads the blocks of one reference sample interval into `samples`, until `wanted` are there (CCSDS 121.0-B-3, section 5).
 * With a preprocessor, the first is the reference sample and the others are differences, mapped to numbers from 0.
 */
export function readInterval(
  reader: BitReader,
  coding: BlockCoding,
  samples: Uint32Array,
  wanted: number,
): void {
  const { blockSize, preprocess, bitsPerSample } = coding.parameters;
  for (let at = 0; at < wanted; ) {
    const end = at + blockSize;
    const identifier = reader.bits(coding.identifierBits);
    if (identifier === coding.uncoded) {
      for (let i = at; i < end; i++) samples[i] = reader.bits(bitsPerSample);
      at = end;
      continue;
    }
    // Of blocks with little in them, the kind stands before the reference sample.
    const isPairs = identifier === 0 && reader.bits(1) === 1;
    const first = at;
    if (at === 0 && preprocess) samples[at++] = reader.bits(bitsPerSample);
    if (identifier > 0) {
      readSplit(reader, coding, samples.subarray(at, end), identifier - 1);
      at = end;
    } else if (isPairs) {
      readPairs(reader, coding, samples.subarray(first, end), at - first);
      at = end;
    } else {
      const after = first + blockSize * zeroBlocks(reader, first / blockSize, samples.length / blockSize);
      samples.fill(0, at, after);
      at = after;
    }
  }
}

/** Samples in two parts: the high bits as so many zeros and a one, for all; then the low `low` bits (section 3.3). */
function readSplit(reader: BitReader, coding: BlockCoding, samples: Uint32Array, low: number): void {
  const { largest } = coding;
  const largestHigh = Math.floor(largest / 2 ** low);
  for (let i = 0; i < samples.length; i++) {
    const high = reader.zeros();
    if (high > largestHigh) throw tooLarge(coding, high * 2 ** low);
    samples[i] = high;
  }
  if (low === 0) return;
  for (let i = 0; i < samples.length; i++) {
    samples[i] = ((samples[i] << low) | reader.bits(low)) >>> 0;
    // An identifier may stand for more low bits than a sample has.
    if (samples[i] > largest) throw tooLarge(coding, samples[i]);
  }
}

/** Two small samples in one code (section 3.4.3). Where the reference sample stands first, it takes a place in a pair. */
function readPairs(reader: BitReader, coding: BlockCoding, samples: Uint32Array, start: number): void {
  for (let i = start; i < samples.length; i++) {
    const code = reader.zeros();
    if (code >= pairs.length) throw codecCorrupt('aec', `a pair below ${pairs.length}`, String(code));
    const [first, second] = pairs[code];
    if (Math.max(first, second) > coding.largest) throw tooLarge(coding, Math.max(first, second));
    if (i % 2 === 0) samples[i++] = first;
    samples[i] = second;
  }
}

/** How many blocks from block `block` of `blocks` on are all zeros (section 3.4.2). */
function zeroBlocks(reader: BitReader, block: number, blocks: number): number {
  const code = reader.zeros() + 1;
  const left = blocks - block;
  if (code === restOfSegment) return Math.min(left, segmentBlocks - (block % segmentBlocks));
  const count = code > restOfSegment ? code - 1 : code;
  if (count > left) {
    throw codecCorrupt('aec', `at most ${left} zero blocks before the next reference sample`, String(count));
  }
  return count;
}

function tooLarge({ parameters }: BlockCoding, found: number): Error {
  return codecCorrupt('aec', `samples of ${parameters.bitsPerSample} bits`, String(found));
}
