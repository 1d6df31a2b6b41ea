import { mapConcurrently } from '../concurrent.ts';
import type { FieldCursor } from '../field-cursor.ts';
import { verifyChecksum } from '../lookup3.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { parseChunkElement } from './chunk-element.ts';
import { isPageWritten } from './page-bitmap.ts';
import { type ChunkedDataset, chunkNumbers, type PutChunk } from './read-chunk-index.ts';

const pagesAtOnce = 64;

/**
 * Chunks of a fixed array: one element for each chunk of the largest extents, in pages when there are many (HDF5 File
 * Format Specification 3.0, VII.C).
 */
export async function visitFixedArray(
  file: MetadataFile,
  address: number,
  dataset: ChunkedDataset,
  put: PutChunk,
): Promise<void> {
  const { offsetSize, lengthSize } = file.space;
  const header = await file.structure(address, 12 + lengthSize + offsetSize, 'a fixed array');
  verifyChecksum(file.url, header.base, header.peekRest(), 'fixed array');
  header.signature('FAHD');
  header.version('fixed array', 0);
  const filtered = header.uint8() === 1;
  const width = header.uint8();
  const pageElements = 2 ** header.uint8();
  const elements = header.lengthField();
  const blockAddress = header.address();
  if (width < offsetSize) throw header.corrupt(`elements of at least ${offsetSize} bytes`, `${width} bytes`);
  if (blockAddress === undefined) return;
  const { indexOf } = chunkNumbers(dataset);
  const take = (cursor: FieldCursor, first: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const chunk = parseChunkElement(cursor.part(width), width, filtered, dataset.chunkBytes);
      if (chunk !== undefined) put(indexOf(first + i), chunk);
    }
  };
  const pages = elements > pageElements ? Math.ceil(elements / pageElements) : 0;
  const bitmapLength = Math.ceil(pages / 8);
  const prefixLength = 6 + offsetSize + bitmapLength;
  const blockLength = prefixLength + (pages === 0 ? elements * width : 0) + 4;
  const block = await file.structure(blockAddress, blockLength, 'the block of a fixed array');
  verifyChecksum(file.url, block.base, block.peekRest(), 'block of a fixed array');
  block.signature('FADB');
  block.skip(2 + offsetSize);
  if (pages === 0) return take(block, 0, elements);
  const bitmap = block.bytes(bitmapLength);
  const written = Array.from({ length: pages }, (_, page) => page).filter((page) =>
    isPageWritten(bitmap, page),
  );
  await mapConcurrently(written, pagesAtOnce, async (page) => {
    const first = page * pageElements;
    const count = Math.min(pageElements, elements - first);
    const at = blockAddress + blockLength + page * (pageElements * width + 4);
    const cursor = await file.structure(at, count * width + 4, 'a page of a fixed array');
    verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'page of a fixed array');
    take(cursor, first, count);
  });
}
