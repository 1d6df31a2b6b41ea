import { bitUnshuffle } from './bit-unshuffle.ts';
import { decodeBlosclz } from './blosclz-block.ts';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { allocateDecoded } from './copy-match.ts';
import { inflateInto } from './inflate.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { shuffleCodec } from './shuffle.ts';
import { decodeSnappy } from './snappy-block.ts';
import { decodeZstdInto, zstdLargestRatio } from './zstd.ts';

const headerBytes = 16;
const formatVersions = [1, 2];
const flag = { shuffled: 1, copied: 2, bitShuffled: 4, unsplit: 16 };

// Blocks are split by byte of their elements where the writer has not said that they are not, and these bounds allow it.
const mostSplits = 16;
const leastSplitBytes = 128;

/** Decodes one stream of a block, which fills `out`. By the number in the three highest bits of the flags. */
const compressors: readonly ((bytes: Uint8Array, out: Uint8Array) => void)[] = [
  (bytes, out) => decodeBlosclz('blosc', bytes, out),
  (bytes, out) => decodeLz4Block('blosc', bytes, out),
  (bytes, out) => decodeSnappy('blosc', bytes, out),
  (bytes, out) => inflateInto('blosc', 'zlib', bytes, out),
  (bytes, out) => decodeZstdInto('blosc', bytes, out),
];

/**
 * Chunks of Blosc 1 (README_CHUNK_FORMAT of c-blosc): HDF5's filter 32001, "blosc" of Zarr and numcodecs, with the
 * compressors BloscLZ, LZ4 (also LZ4HC), Snappy, zlib and Zstandard, shuffled by bytes, by bits, or not. Everything stands
 * in the chunk: the configuration is not looked at. Only read.
 */
export const bloscCodec: Codec = {
  name: 'blosc',
  decode,
  // What can't be made smaller is copied after the header; writers may leave the room that a worst case needs.
  encodedBound: (decodedLength) => decodedLength + headerBytes + Math.ceil(decodedLength / 8) + 1024,
};

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const header = parseHeader(bytes, decodedLength);
  const { length, blockSize, flags } = header;
  if ((flags & flag.copied) !== 0) return copied(bytes, length);
  const compressor = compressors[flags >> 5];
  if (compressor === undefined) throw codecUnsupported('blosc', `compressor ${flags >> 5} is not known`);
  const blocks = Math.ceil(length / blockSize);
  if (headerBytes + 4 * blocks > bytes.length) {
    throw codecCorrupt('blosc', `the starts of ${blocks} blocks`, `${bytes.length} bytes`);
  }
  const starts = new DataView(bytes.buffer, bytes.byteOffset + headerBytes, 4 * blocks);
  const out = allocateDecoded('blosc', length, bytes.length, zstdLargestRatio);
  for (let number = 0; number < blocks; number++) {
    const block = out.subarray(number * blockSize, Math.min(length, (number + 1) * blockSize));
    decodeBlock(bytes, starts.getUint32(4 * number, true), header, compressor, block);
    unshuffle(block, header);
  }
  return out;
}

interface Header {
  flags: number;
  /** Bytes of an element, as the writer has it. */
  width: number;
  /** Decoded bytes of the chunk, and of a block of it. */
  length: number;
  blockSize: number;
}

function parseHeader(bytes: Uint8Array, mostDecoded: number): Header {
  if (bytes.length < headerBytes)
    throw codecCorrupt('blosc', `at least ${headerBytes} bytes`, `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const [version, , flags, width] = bytes;
  if (!formatVersions.includes(version)) {
    throw codecUnsupported('blosc', `expected a chunk of Blosc 1, found version ${version} of the format`);
  }
  const length = view.getUint32(4, true);
  const blockSize = view.getUint32(8, true);
  if (length > mostDecoded)
    throw codecCorrupt('blosc', `at most ${mostDecoded} bytes to come out`, `${length}`);
  if (length > 0 && blockSize === 0) throw codecCorrupt('blosc', 'blocks of at least one byte', '0');
  return { flags, width, length, blockSize };
}

function copied(bytes: Uint8Array, length: number): Uint8Array {
  if (headerBytes + length <= bytes.length) return bytes.subarray(headerBytes, headerBytes + length);
  throw codecCorrupt('blosc', `${length} bytes after the header`, `${bytes.length - headerBytes}`);
}

/** Decodes the streams of the block that begins at byte `start`. */
function decodeBlock(
  bytes: Uint8Array,
  start: number,
  { flags, width, blockSize }: Header,
  compressor: (typeof compressors)[number],
  block: Uint8Array,
): void {
  const isSplit =
    (flags & flag.unsplit) === 0 &&
    block.length === blockSize &&
    width <= mostSplits &&
    Math.floor(blockSize / width) >= leastSplitBytes;
  const streams = isSplit ? width : 1;
  const streamBytes = Math.floor(block.length / streams);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0, at = start; i < streams; i++) {
    const stored = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.NaN;
    at += 4;
    if (!(stored <= bytes.length - at)) {
      throw codecCorrupt('blosc', `a stream within ${bytes.length} bytes`, `${stored} bytes at ${at}`);
    }
    const stream = bytes.subarray(at, at + stored);
    const out = block.subarray(i * streamBytes, (i + 1) * streamBytes);
    if (stored === streamBytes) out.set(stream);
    else compressor(stream, out);
    at += stored;
  }
}

/** Puts the bytes of the elements of a block in order again, in place. */
function unshuffle(block: Uint8Array, { flags, width }: Header): void {
  if ((flags & flag.shuffled) !== 0) {
    if (width > 1)
      block.set(shuffleCodec.decode(new Uint8Array(block), { elementsize: width }, block.length));
  } else if ((flags & flag.bitShuffled) !== 0 && width > 0) {
    const elements = Math.floor(block.length / width);
    // Other numbers of elements are not transposed at all; nor are bytes past the last element.
    if (elements % 8 === 0) bitUnshuffle(new Uint8Array(block.subarray(0, elements * width)), block, width);
  }
}
