import { crc32 } from 'node:zlib';
import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { openRegion } from '@hyperslab/kernels';
import { type AllocateBlock, encodeBlock, numericBlockLength } from './block-format.ts';
import type { Box } from './box.ts';
import { partOfArray } from './tile-parts.ts';

/*
 * A block of parts: "HSP1", the number of parts as uint32; for each part where it begins as uint64, its length as uint32 and its
 * CRC-32 (IEEE 802.3) as uint32; then the parts, each a block of one array, as they follow each other. Little-endian. Parts are
 * multiples of 8 bytes long, so that all start at such, and values can be used where they lie.
 */

const magic = 0x31505348;
const entryBytes = 16;

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
  const lengths = parts.map(({ shape }) => numericBlockLength(array.dtype, shape, mask !== undefined));
  const block = layOut(lengths, allocate);
  const view = viewOf(block);
  parts.forEach((box, part) => {
    using memory = openRegion();
    const { start, length } = entryOf(block, view, part);
    const place = block.subarray(start, start + length);
    const within = { origin: box.origin.map((start, axis) => start - origin[axis]), shape: box.shape };
    encodeBlock([{ ...partOfArray(whole, within, memory), shape: box.shape }], () => place);
    view.setUint32(8 + part * entryBytes + 12, crc32(place), true);
  });
  return block;
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
    block.set(bytes, entryOf(block, view, part).start);
    view.setUint32(8 + part * entryBytes + 12, sum, true);
  });
  return block;
}

/** Whether bytes are a block of parts, by how they begin. */
export function hasParts(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && viewOf(bytes).getUint32(0, true) === magic;
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
  const count = countOf(bytes);
  if (!(part >= 0 && part < count)) throw corrupt(`it has ${count} parts, and not number ${part}`);
  const { start, length, sum } = entryOf(bytes, viewOf(bytes), part);
  return { bytes: bytes.subarray(start, start + length), crc32: sum };
}

function countOf(bytes: Uint8Array): number {
  if (!hasParts(bytes)) throw corrupt('its first bytes are not "HSP1"');
  const count = viewOf(bytes).getUint32(4, true);
  if (8 + count * entryBytes > bytes.length) throw corrupt(`it claims ${count} parts`);
  return count;
}

function entryOf(bytes: Uint8Array, view: DataView, part: number) {
  const at = 8 + part * entryBytes;
  const start = Number(view.getBigUint64(at, true));
  const length = view.getUint32(at + 8, true);
  if (!(start + length <= bytes.length)) throw corrupt(`part ${part} ends at byte ${start + length}`);
  return { start, length, sum: view.getUint32(at + 12, true) };
}

function layOut(lengths: readonly number[], allocate: AllocateBlock): Uint8Array {
  const first = 8 + lengths.length * entryBytes;
  const block = allocate(lengths.reduce((sum, length) => sum + length, first));
  const view = viewOf(block);
  view.setUint32(0, magic, true);
  view.setUint32(4, lengths.length, true);
  let start = first;
  lengths.forEach((length, part) => {
    const at = 8 + part * entryBytes;
    view.setBigUint64(at, BigInt(start), true);
    view.setUint32(at + 8, length, true);
    start += length;
  });
  return block;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function corrupt(what: string): HyperslabError {
  return new HyperslabError('FORMAT_CORRUPT', `block of parts is damaged: ${what}; compute it again`);
}
