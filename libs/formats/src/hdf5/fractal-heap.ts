import { formatUnsupported } from '../format-error.ts';
import { visitBTreeV2 } from './btree-v2.ts';
import type { FieldCursor } from './field-cursor.ts';
import { lookup3, verifyChecksum } from './lookup3.ts';
import type { MetadataFile } from './metadata-file.ts';

/** Header of a fractal heap (HDF5 File Format Specification 3.0, III.G). Sizes are in bytes. */
interface FractalHeap {
  address: number;
  idLength: number;
  directBlocksChecksummed: boolean;
  /** Width of an offset within the heap. */
  offsetWidth: number;
  /** Width of the length of a managed object. */
  lengthWidth: number;
  tableWidth: number;
  startingBlockSize: number;
  largestDirectBlockSize: number;
  rootAddress?: number;
  /** Rows of the root indirect block; 0 when the root is a direct block. */
  rootRows: number;
  hugeObjectsAddress?: number;
}

/** The bytes of the object that a heap ID stands for: in a block, on its own, or in the ID itself. */
export async function readHeapObject(
  file: MetadataFile,
  address: number,
  id: Uint8Array,
): Promise<FieldCursor> {
  const heap = await file.once(`fractal heap ${address}`, () => readHeader(file, address));
  const idCursor = file.cursor(id, file.offsetOf(address));
  const first = idCursor.uint8();
  switch ((first >> 4) & 3) {
    case 0:
      return readManaged(file, heap, idCursor);
    case 1:
      return readHuge(file, heap, idCursor);
    case 2: {
      const extended = heap.idLength > 18;
      const length = extended ? ((first & 0x0f) << 8) | idCursor.uint8() : first & 0x0f;
      return idCursor.part(length + 1);
    }
    default:
      throw file.corrupt(address, 'a heap ID of type 0 to 2', `first byte 0x${first.toString(16)}`);
  }
}

async function readHeader(file: MetadataFile, address: number): Promise<FractalHeap> {
  const { offsetSize, lengthSize } = file.space;
  const length = 26 + 3 * offsetSize + 12 * lengthSize;
  const cursor = await file.structure(address, length, 'a fractal heap');
  cursor.signature('FRHP');
  cursor.version('fractal heap', 0);
  const idLength = cursor.uint16();
  const filtersLength = cursor.uint16();
  if (filtersLength > 0) {
    throw formatUnsupported(
      file.url,
      cursor.offset,
      'a heap of links or attributes with filters',
      'create the group without filters',
    );
  }
  verifyChecksum(file.url, cursor.base, cursor.fresh().peekRest(), 'fractal heap');
  const flags = cursor.uint8();
  const largestManaged = cursor.uint32();
  cursor.skip(lengthSize);
  const hugeObjectsAddress = cursor.address();
  cursor.skip(lengthSize + offsetSize + 8 * lengthSize);
  const tableWidth = cursor.uint16();
  const startingBlockSize = cursor.lengthField();
  const largestDirectBlockSize = cursor.lengthField();
  const sizeBits = cursor.uint16();
  cursor.skip(2);
  const rootAddress = cursor.address();
  const rootRows = cursor.uint16();
  if (![tableWidth, startingBlockSize, largestDirectBlockSize].every(isPowerOfTwo) || sizeBits > 64) {
    throw cursor.corrupt(
      'table width and block sizes that are powers of two',
      `${tableWidth}, ${startingBlockSize}, ${largestDirectBlockSize}, ${sizeBits} bits`,
    );
  }
  return {
    address,
    idLength,
    directBlocksChecksummed: (flags & 2) !== 0,
    offsetWidth: Math.ceil(sizeBits / 8),
    lengthWidth: Math.min(
      Math.ceil(Math.log2(largestDirectBlockSize) / 8),
      Math.floor(Math.log2(largestManaged) / 8) + 1,
    ),
    tableWidth,
    startingBlockSize,
    largestDirectBlockSize,
    rootAddress,
    rootRows,
    hugeObjectsAddress,
  };
}

async function readManaged(file: MetadataFile, heap: FractalHeap, id: FieldCursor): Promise<FieldCursor> {
  const offset = id.uint(heap.offsetWidth);
  const length = id.uint(heap.lengthWidth);
  if (heap.rootAddress === undefined) throw file.corrupt(heap.address, 'a heap with blocks', 'one without');
  let block = { address: heap.rootAddress, size: heap.startingBlockSize, start: 0 };
  for (let rows = heap.rootRows; rows > 0; ) {
    const child = await childBlock(file, heap, block.address, rows, offset - block.start);
    block = { address: child.address, size: child.size, start: block.start + child.start };
    rows = child.rows;
  }
  const data = await file.once(`direct block ${block.address}`, () => readDirectBlock(file, heap, block));
  const object = data.fresh();
  object.seek(Math.max(0, offset - block.start));
  file.spend(length, 'an object of a fractal heap');
  return object.part(length);
}

/**
 * The block that holds an offset of an indirect block. Rows 0 and 1 are of the starting block size, each further one of
 * twice the size of the one before; past the largest direct size they are indirect blocks.
 */
async function childBlock(
  file: MetadataFile,
  heap: FractalHeap,
  address: number,
  rows: number,
  offset: number,
) {
  const { tableWidth, startingBlockSize: start, largestDirectBlockSize } = heap;
  const firstRow = tableWidth * start;
  const row = offset < firstRow ? 0 : Math.floor(Math.log2(offset / firstRow)) + 1;
  if (row >= rows) throw file.corrupt(address, `an offset within ${rows} rows of a heap`, `offset ${offset}`);
  const size = row === 0 ? start : start * 2 ** (row - 1);
  const rowStart = row === 0 ? 0 : firstRow * 2 ** (row - 1);
  const column = Math.floor((offset - rowStart) / size);
  const { offsetSize } = file.space;
  const prefix = 5 + offsetSize + heap.offsetWidth;
  const length = prefix + rows * tableWidth * offsetSize + 4;
  const cursor = await file.once(`indirect block ${address}`, async () => {
    const read = await file.structure(address, length, 'an indirect block of a fractal heap');
    verifyChecksum(file.url, read.base, read.peekRest(), 'indirect block');
    read.signature('FHIB');
    return read;
  });
  const entries = cursor.fresh();
  entries.seek(prefix + (row * tableWidth + column) * offsetSize);
  return {
    address: entries.definedAddress('a block of a fractal heap'),
    size,
    start: rowStart + column * size,
    rows: size <= largestDirectBlockSize ? 0 : Math.log2(size / firstRow) + 1,
  };
}

async function readDirectBlock(
  file: MetadataFile,
  heap: FractalHeap,
  block: { address: number; size: number },
) {
  const cursor = await file.structure(block.address, block.size, 'a direct block of a fractal heap');
  cursor.signature('FHDB');
  cursor.version('direct block', 0);
  if (!heap.directBlocksChecksummed) return cursor;
  cursor.skip(file.space.offsetSize + heap.offsetWidth);
  const at = cursor.position;
  const stored = cursor.uint32();
  // The checksum is computed with its own field as zeros.
  const bytes = new Uint8Array(cursor.fresh().peekRest());
  bytes.fill(0, at, at + 4);
  const computed = lookup3(bytes);
  if (stored === computed) return cursor;
  cursor.seek(at);
  throw cursor.corrupt(`checksum 0x${computed.toString(16)} of the direct block`, `0x${stored.toString(16)}`);
}

/** An object too large for the blocks: its place is in the ID where it fits, else in a B-tree. */
async function readHuge(file: MetadataFile, heap: FractalHeap, id: FieldCursor): Promise<FieldCursor> {
  const { offsetSize, lengthSize } = file.space;
  if (id.remaining >= offsetSize + lengthSize && heap.idLength - 1 >= offsetSize + lengthSize) {
    const address = id.definedAddress('an object of a fractal heap');
    return file.structure(address, id.lengthField(), 'an object of a fractal heap');
  }
  const key = id.uint(Math.min(lengthSize, heap.idLength - 1));
  const places = await file.once(`huge objects ${heap.address}`, () => readHugePlaces(file, heap));
  const place = places.get(key);
  if (place === undefined) throw file.corrupt(heap.address, `an object with key ${key} in the heap`, 'none');
  return file.structure(place.address, place.length, 'an object of a fractal heap');
}

/** Records of type 1 (III.A.2): address, length and key of objects without filters. */
async function readHugePlaces(file: MetadataFile, heap: FractalHeap) {
  const places = new Map<number, { address: number; length: number }>();
  if (heap.hugeObjectsAddress === undefined) return places;
  await visitBTreeV2(file, heap.hugeObjectsAddress, [1], (record) => {
    const address = record.definedAddress('an object of a fractal heap');
    const length = record.lengthField();
    places.set(record.lengthField(), { address, length });
  });
  return places;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
