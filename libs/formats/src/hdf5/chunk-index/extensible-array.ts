import { mapConcurrently } from '../concurrent.ts';
import type { FieldCursor } from '../field-cursor.ts';
import { verifyChecksum } from '../lookup3.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { parseChunkElement } from './chunk-element.ts';
import { isPageWritten } from './page-bitmap.ts';
import { type ChunkedDataset, chunkNumbers, type PutChunk } from './read-chunk-index.ts';

const blocksAtOnce = 64;

/** Header of an extensible array (HDF5 File Format Specification 3.0, VII.D). */
interface ArrayHeader {
  filtered: boolean;
  elementWidth: number;
  /** Bits of the number of an element, and bytes of one in blocks. */
  numberBits: number;
  numberWidth: number;
  indexBlockElements: number;
  leastBlockElements: number;
  leastBlockPointers: number;
  pageElements: number;
  /** Elements up to the last that was ever set. */
  elements: number;
  indexBlockAddress?: number;
}

/** A data block: which elements it holds, and which of its pages were written where it has pages. */
interface DataBlock {
  address: number;
  first: number;
  elements: number;
  pages?: Uint8Array;
}

/**
 * Chunks of an extensible array, which numbers them with the unlimited dimension first. The index block holds the first
 * elements and points to data blocks and to secondary blocks, which point to further data blocks. Secondary block
 * number u, the index block's own pointers included, has 2^(u/2) data blocks of 2^((u+1)/2) times the least elements.
 */
export async function visitExtensibleArray(
  file: MetadataFile,
  address: number,
  dataset: ChunkedDataset,
  put: PutChunk,
): Promise<void> {
  const header = await readHeader(file, address);
  if (header.indexBlockAddress === undefined) return;
  const unlimited = Math.max(0, dataset.maxShape.indexOf(undefined));
  const others = dataset.shape.map((_, axis) => axis).filter((axis) => axis !== unlimited);
  const { indexOf } = chunkNumbers(dataset, dataset.shape.length === 0 ? [] : [unlimited, ...others]);
  const take = (cursor: FieldCursor, first: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const element = cursor.part(header.elementWidth);
      const chunk = parseChunkElement(element, header.elementWidth, header.filtered, dataset.chunkBytes);
      if (chunk !== undefined) put(indexOf(first + i), chunk);
    }
  };
  const blocks = await readIndexBlock(file, header, header.indexBlockAddress, take);
  await mapConcurrently(blocks, blocksAtOnce, (block) => readDataBlock(file, header, block, take));
}

async function readHeader(file: MetadataFile, address: number): Promise<ArrayHeader> {
  const { offsetSize, lengthSize } = file.space;
  const cursor = await file.structure(address, 16 + 6 * lengthSize + offsetSize, 'an extensible array');
  verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'extensible array');
  cursor.signature('EAHD');
  cursor.version('extensible array', 0);
  const filtered = cursor.uint8() === 1;
  const elementWidth = cursor.uint8();
  const numberBits = cursor.uint8();
  const [indexBlockElements, leastBlockElements, leastBlockPointers, pageBits] = cursor.bytes(4);
  cursor.skip(4 * lengthSize);
  const elements = cursor.lengthField();
  cursor.skip(lengthSize);
  const sound = numberBits <= 64 && isPowerOfTwo(leastBlockElements) && isPowerOfTwo(leastBlockPointers);
  if (!sound || elementWidth < offsetSize) {
    throw cursor.corrupt(
      'block sizes that are powers of two',
      `${numberBits} bits, ${leastBlockElements} elements, ${leastBlockPointers} pointers`,
    );
  }
  return {
    filtered,
    elementWidth,
    numberBits,
    numberWidth: Math.ceil(numberBits / 8),
    indexBlockElements,
    leastBlockElements,
    leastBlockPointers,
    pageElements: 2 ** pageBits,
    elements,
    indexBlockAddress: cursor.address(),
  };
}

type TakeElements = (cursor: FieldCursor, first: number, count: number) => void;

/** Takes the elements of the index block and finds all data blocks. */
async function readIndexBlock(
  file: MetadataFile,
  header: ArrayHeader,
  address: number,
  take: TakeElements,
): Promise<DataBlock[]> {
  const { offsetSize } = file.space;
  const groups = [...blockGroups(header)];
  // Data blocks of the first groups are pointed to by the index block itself.
  const direct = Math.min(groups.length, 2 * Math.log2(header.leastBlockPointers));
  const directBlocks = 2 * (header.leastBlockPointers - 1);
  const secondary = totalGroups(header, file) - 2 * Math.log2(header.leastBlockPointers);
  const elementBytes = header.indexBlockElements * header.elementWidth;
  const length = 6 + offsetSize + elementBytes + (directBlocks + secondary) * offsetSize + 4;
  const cursor = await file.structure(address, length, 'the index block of an extensible array');
  verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'index block of an extensible array');
  cursor.signature('EAIB');
  cursor.skip(2 + offsetSize);
  take(cursor, 0, header.indexBlockElements);
  const blocks: DataBlock[] = [];
  const pointers = cursor.position;
  for (const group of groups.slice(0, direct)) {
    for (let i = 0; i < group.blocks; i++) {
      const block = cursor.address();
      if (block !== undefined)
        blocks.push({ address: block, first: group.first + i * group.elements, elements: group.elements });
    }
  }
  cursor.seek(pointers + directBlocks * offsetSize);
  const secondaryBlocks = groups.slice(direct).map((group) => ({ group, address: cursor.address() }));
  const found = await mapConcurrently(secondaryBlocks, blocksAtOnce, async ({ group, address: at }) =>
    at === undefined ? [] : readSecondaryBlock(file, header, at, group),
  );
  return [...blocks, ...found.flat()];
}

interface BlockGroup {
  first: number;
  blocks: number;
  elements: number;
}

/** The data blocks that belong to each secondary block, as far as elements were ever set. */
function* blockGroups(header: ArrayHeader): Iterable<BlockGroup> {
  let first = header.indexBlockElements;
  for (let u = 0; first < header.elements; u++) {
    const group = {
      first,
      blocks: 2 ** Math.floor(u / 2),
      elements: 2 ** Math.floor((u + 1) / 2) * header.leastBlockElements,
    };
    yield group;
    first += group.blocks * group.elements;
  }
}

function totalGroups(header: ArrayHeader, file: MetadataFile): number {
  const bits = header.numberBits;
  const total = 1 + bits - Math.log2(header.leastBlockElements);
  if (total < 2 * Math.log2(header.leastBlockPointers)) {
    throw file.corrupt(
      header.indexBlockAddress ?? 0,
      'an extensible array with secondary blocks',
      `${total} of them`,
    );
  }
  return total;
}

async function readSecondaryBlock(
  file: MetadataFile,
  header: ArrayHeader,
  address: number,
  group: BlockGroup,
): Promise<DataBlock[]> {
  const { offsetSize } = file.space;
  const pages = group.elements > header.pageElements ? group.elements / header.pageElements : 0;
  const bitmapLength = Math.ceil(pages / 8);
  const length = 6 + offsetSize + header.numberWidth + group.blocks * (bitmapLength + offsetSize) + 4;
  const cursor = await file.structure(address, length, 'a secondary block of an extensible array');
  verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'secondary block of an extensible array');
  cursor.signature('EASB');
  cursor.skip(2 + offsetSize + header.numberWidth);
  const bitmaps = Array.from({ length: group.blocks }, () => cursor.bytes(bitmapLength));
  const blocks: DataBlock[] = [];
  for (let i = 0; i < group.blocks; i++) {
    const block = cursor.address();
    if (block === undefined) continue;
    const first = group.first + i * group.elements;
    blocks.push({
      address: block,
      first,
      elements: group.elements,
      pages: pages === 0 ? undefined : bitmaps[i],
    });
  }
  return blocks;
}

async function readDataBlock(
  file: MetadataFile,
  header: ArrayHeader,
  block: DataBlock,
  take: TakeElements,
): Promise<void> {
  const { offsetSize } = file.space;
  const { pages } = block;
  const prefixLength = 6 + offsetSize + header.numberWidth;
  const length = prefixLength + (pages === undefined ? block.elements * header.elementWidth : 0) + 4;
  const cursor = await file.structure(block.address, length, 'a data block of an extensible array');
  verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'data block of an extensible array');
  cursor.signature('EADB');
  cursor.skip(prefixLength - 4);
  if (pages === undefined) return take(cursor, block.first, block.elements);
  const pageLength = header.pageElements * header.elementWidth + 4;
  const numbers = Array.from({ length: block.elements / header.pageElements }, (_, page) => page);
  const written = numbers.filter((page) => isPageWritten(pages, page));
  await mapConcurrently(written, blocksAtOnce, async (page) => {
    const at = block.address + length + page * pageLength;
    const elements = await file.structure(at, pageLength, 'a page of an extensible array');
    verifyChecksum(file.url, elements.base, elements.peekRest(), 'page of an extensible array');
    take(elements, block.first + page * header.pageElements, header.pageElements);
  });
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
