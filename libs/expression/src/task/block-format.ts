import {
  decodeValues,
  elementCount,
  encodeValues,
  isFixedWidth,
  itemSize,
  type MaskedArray,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/*
 * A block: "HSB1", the number of arrays as uint32; then for each array: its type as uint8, 1 if a mask follows as uint8,
 * its rank as uint16, 4 zero bytes, the length of its values in bytes as uint64, its extents as uint64 each; then its
 * values (as encodeValues writes them) and its mask, each filled up to 8 bytes. Little-endian. All starts are multiples
 * of 8, so that values can be used where they lie.
 */

const magic = 0x31425348;
const arraysBegin = 8;
const headerBytes = 16;
const maxArrays = 64;
const maxRank = 64;
const dtypes = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'char',
  'string',
] as const;

/** Memory for a block, all of which is written. */
export type AllocateBlock = (length: number) => Uint8Array;

/** Arrays as bytes that travel between workers and to clients. */
export function encodeBlock(
  arrays: readonly MaskedArray[],
  allocate: AllocateBlock = (length) => new Uint8Array(length),
): Uint8Array {
  const encoded = arrays.map((array) => ({ array, bytes: encodeValues(array) }));
  const length = encoded.reduce(
    (sum, { array, bytes }) => sum + lengthOfArray(array.shape.length, bytes.length, array.mask?.length ?? 0),
    arraysBegin,
  );
  const block = allocate(length);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  view.setUint32(0, magic, true);
  view.setUint32(4, arrays.length, true);
  let at = arraysBegin;
  for (const { array, bytes } of encoded) {
    view.setUint8(at, dtypes.indexOf(array.dtype));
    view.setUint8(at + 1, array.mask === undefined ? 0 : 1);
    view.setUint16(at + 2, array.shape.length, true);
    view.setUint32(at + 4, 0, true);
    setUint64(view, at + 8, bytes.length);
    at += headerBytes;
    for (const extent of array.shape) {
      setUint64(view, at, extent);
      at += 8;
    }
    for (const part of array.mask === undefined ? [bytes] : [bytes, array.mask]) {
      block.set(part, at);
      block.fill(0, at + part.length, at + padded(part.length));
      at += padded(part.length);
    }
  }
  return block;
}

/** Without a BigInt for each, which a small block would take longest for. */
function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** Bytes of the block of one array of numbers. */
export function numericBlockLength(dtype: string, shape: readonly number[], hasMask: boolean): number {
  const count = elementCount(shape);
  return arraysBegin + lengthOfArray(shape.length, count * itemSize(dtype), hasMask ? count : 0);
}

function lengthOfArray(rank: number, valueBytes: number, maskBytes: number): number {
  return headerBytes + 8 * rank + padded(valueBytes) + padded(maskBytes);
}

/**
 * Arrays of a block, which share its memory if it starts at a multiple of 8. Throws FORMAT_CORRUPT for bytes that are no
 * block, before anything of the size that they claim is allocated.
 */
export function decodeBlock(bytes: Uint8Array): MaskedArray[] {
  const block = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (block.length < 8 || view.getUint32(0, true) !== magic) throw corrupt('its first bytes are not "HSB1"');
  const count = view.getUint32(4, true);
  if (count > maxArrays) throw corrupt(`it claims ${count} arrays`);
  const arrays: MaskedArray[] = [];
  let at = arraysBegin;
  for (let i = 0; i < count; i++) {
    const { array, end } = decodeArrayAt(block, view, at);
    arrays.push(array);
    at = end;
  }
  if (at !== block.length) throw corrupt(`${block.length - at} bytes follow its last array`);
  return arrays;
}

function decodeArrayAt(
  block: Uint8Array,
  view: DataView,
  start: number,
): { array: MaskedArray; end: number } {
  if (start + headerBytes > block.length) throw corrupt('it is cut off');
  const dtype = dtypes[view.getUint8(start)];
  const masked = view.getUint8(start + 1);
  const rank = view.getUint16(start + 2, true);
  const length = Number(view.getBigUint64(start + 8, true));
  let at = start + headerBytes;
  if (dtype === undefined || masked > 1 || rank > maxRank)
    throw corrupt(`array at byte ${start} has no valid header`);
  if (at + 8 * rank > block.length) throw corrupt('it is cut off');
  const shape = Array.from({ length: rank }, (_, axis) => Number(view.getBigUint64(at + 8 * axis, true)));
  at += 8 * rank;
  const count = checkedCount(shape, dtype, length, block.length - at);
  const values = decodeChecked(dtype, block.subarray(at, at + length), count);
  at += padded(length);
  if (masked === 0) return { array: { dtype, shape, values }, end: at };
  if (at + padded(count) > block.length) throw corrupt('its mask is cut off');
  return { array: { dtype, shape, values, mask: block.subarray(at, at + count) }, end: at + padded(count) };
}

function checkedCount(shape: readonly number[], dtype: string, length: number, available: number): number {
  if (!(padded(length) <= available))
    throw corrupt(`it claims ${length} bytes of values and has ${available}`);
  let count: number;
  try {
    count = elementCount(shape);
  } catch (error) {
    throw corrupt(`shape [${shape.join(', ')}] is too large`, error);
  }
  // A text takes at least the four bytes of its length.
  if (!isFixedWidth(dtype) && count * 4 > length)
    throw corrupt(`${count} texts do not fit in ${length} bytes`);
  return count;
}

function decodeChecked(dtype: string, bytes: Uint8Array, count: number): MaskedArray['values'] {
  try {
    return decodeValues(dtype, bytes, count);
  } catch (error) {
    throw corrupt(error instanceof Error ? error.message : String(error), error);
  }
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function corrupt(what: string, cause?: unknown): HyperslabError {
  return new HyperslabError('FORMAT_CORRUPT', `block is damaged: ${what}; compute it again`, {}, cause);
}
