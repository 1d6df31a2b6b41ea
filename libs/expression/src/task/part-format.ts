import { constants, crc32, zstdCompressSync } from 'node:zlib';
import type { MaskedArray } from '@hyperslab/array';
import { decodeZstd } from '@hyperslab/codecs/zstd';
import { HyperslabError } from '@hyperslab/errors';
import { type Allocator, openRegion } from '@hyperslab/kernels';
import { type AllocateBlock, decodeBlock, encodeBlock, numericBlockLength } from './block-format.ts';
import type { Box } from './box.ts';
import { partOfArray } from './tile-parts.ts';

/*
 * A block of parts: "HSP1", the number of parts as uint32; for each part where it begins as uint64, its length as uint32 and its
 * CRC-32 (IEEE 802.3) as uint32; then the parts, each a block of one array, or that compressed by zstd, filled up to 8 bytes, so that
 * values can be used where they lie. Little-endian. Parts stay compressed wherever they go: who takes one in decompresses it.
 */

const magic = 0x31505348;
const zstdMagic = 0xfd2fb528;
const headBytes = 8;
const entryBytes = 16;
/** The first bytes of the first part are compressed to see whether that pays: it does when they halve. */
const tried = 64 * 1024;
const leastTried = 1024;
const worthIt = 0.5;
const leastPiece = 1024;
/** The fastest that still finds what repeats: harder tries take thrice the time for a few percent. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A part of a block as it is encoded, and its CRC-32. */
export interface EncodedPart {
  bytes: Uint8Array;
  crc32: number;
}

/** An array of numbers cut into parts, by what each is of the node: the first begins where the array does. */
export function encodeParts(
  array: MaskedArray,
  parts: readonly Box[],
  allocate: AllocateBlock = (length) => new Uint8Array(length),
): Uint8Array {
  const [{ origin }] = parts;
  const mask = array.mask?.includes(1) ? array.mask : undefined;
  const whole = { ...array, mask };
  const encode = ({ origin: start, shape }: Box, into?: AllocateBlock) => {
    using memory = openRegion();
    const within = { origin: start.map((first, axis) => first - origin[axis]), shape };
    return encodeBlock([{ ...partOfArray(whole, within, memory), shape }], into);
  };
  if (paysToCompress(encode(parts[0]))) {
    const compressed = parts.map((part) => {
      const raw = encode(part);
      const bytes = zstdCompressSync(raw, {
        ...fastest,
        chunkSize: Math.max(leastPiece, Math.ceil(raw.length / 2)),
      });
      return { bytes, crc32: crc32(bytes) };
    });
    return joinParts(compressed, allocate);
  }
  const lengths = parts.map(({ shape }) => numericBlockLength(array.dtype, shape, mask !== undefined));
  const block = layOut(lengths, allocate);
  const view = viewOf(block);
  parts.forEach((box, part) => {
    const { start, length } = entryOf(block.length, view, headBytes + part * entryBytes);
    const place = block.subarray(start, start + length);
    encode(box, () => place);
    view.setUint32(headBytes + part * entryBytes + 12, crc32(place), true);
  });
  return block;
}

/**
 * The array of a part, in `memory` if it was compressed.
 * @param most bytes that it may take
 * @throws HyperslabError FORMAT_CORRUPT
 */
export function decodePart(bytes: Uint8Array, most: number, memory?: Allocator): MaskedArray {
  const isCompressed = bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === zstdMagic;
  const [array] = decodeBlock(isCompressed ? decompress(bytes, most, memory) : bytes);
  if (array === undefined) throw corrupt('a part has no array');
  return array;
}

function paysToCompress(part: Uint8Array): boolean {
  const sample = part.subarray(0, tried);
  return sample.length >= leastTried && zstdCompressSync(sample, fastest).length < worthIt * sample.length;
}

function decompress(bytes: Uint8Array, most: number, memory?: Allocator): Uint8Array {
  try {
    return decodeZstd('zstd', bytes, most, memory);
  } catch (error) {
    throw corrupt(`a part is not what zstd makes of at most ${most} bytes`, error);
  }
}

/** A block of parts that are encoded already. */
export function joinParts(
  parts: readonly EncodedPart[],
  allocate: AllocateBlock = (length) => new Uint8Array(length),
): Uint8Array {
  const block = layOut(
    parts.map(({ bytes }) => bytes.length),
    allocate,
  );
  const view = viewOf(block);
  parts.forEach(({ bytes, crc32: sum }, part) => {
    const at = headBytes + part * entryBytes;
    block.set(bytes, entryOf(block.length, view, at).start);
    view.setUint32(at + 12, sum, true);
  });
  return block;
}

/** Whether bytes are a block of parts, by how they begin. */
export function hasParts(bytes: Uint8Array): boolean {
  return bytes.length >= headBytes && viewOf(bytes).getUint32(0, true) === magic;
}

/**
 * The parts of a block, which share its memory.
 * @throws HyperslabError FORMAT_CORRUPT for bytes that are no block of parts; their sums are not compared
 */
export function splitParts(bytes: Uint8Array): EncodedPart[] {
  const count = countOf(bytes);
  return Array.from({ length: count }, (_, part) => partOf(bytes, part));
}

/**
 * One part of a block.
 * @throws HyperslabError FORMAT_CORRUPT for bytes that are no block of parts, or have no such
 */
export function partOf(bytes: Uint8Array, part: number): EncodedPart {
  const at = placeOfEntry(countOf(bytes), part);
  if (at + entryBytes > bytes.length) throw corrupt('it is cut off');
  const { start, length, sum } = entryOf(bytes.length, viewOf(bytes), at);
  return { bytes: bytes.subarray(start, start + length), crc32: sum };
}

/**
 * One part of a block of `size` bytes that lies elsewhere: `read` answers a range of it, or less where it ends, and is asked for none past it.
 * @throws HyperslabError FORMAT_CORRUPT, and what `read` throws
 */
export async function readPart(
  read: (start: number, length: number) => Promise<Uint8Array>,
  part: number,
  size: number,
): Promise<EncodedPart> {
  const entry = await read(placeOfEntry(countOf(await read(0, headBytes)), part), entryBytes);
  if (entry.length < entryBytes) throw corrupt('it is cut off');
  const { start, length, sum } = entryOf(size, viewOf(entry), 0);
  const bytes = await read(start, length);
  if (bytes.length < length) throw corrupt('it is cut off');
  return { bytes, crc32: sum };
}

function countOf(bytes: Uint8Array): number {
  if (!hasParts(bytes)) throw corrupt('its first bytes are not "HSP1"');
  return viewOf(bytes).getUint32(4, true);
}

function placeOfEntry(count: number, part: number): number {
  if (!(part >= 0 && part < count)) throw corrupt(`it has ${count} parts, and not number ${part}`);
  return headBytes + part * entryBytes;
}

function entryOf(end: number, view: DataView, at: number) {
  const start = Number(view.getBigUint64(at, true));
  const length = view.getUint32(at + 8, true);
  if (!(start + length <= end)) throw corrupt(`a part ends at byte ${start + length}`);
  return { start, length, sum: view.getUint32(at + 12, true) };
}

function layOut(lengths: readonly number[], allocate: AllocateBlock): Uint8Array {
  const first = headBytes + lengths.length * entryBytes;
  const block = allocate(lengths.reduce((sum, length) => sum + padded(length), first));
  const view = viewOf(block);
  view.setUint32(0, magic, true);
  view.setUint32(4, lengths.length, true);
  let start = first;
  lengths.forEach((length, part) => {
    const at = headBytes + part * entryBytes;
    view.setBigUint64(at, BigInt(start), true);
    view.setUint32(at + 8, length, true);
    block.fill(0, start + length, start + padded(length));
    start += padded(length);
  });
  return block;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function corrupt(what: string, cause?: unknown): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `block of parts is damaged: ${what}; compute it again`,
    {},
    cause,
  );
}
