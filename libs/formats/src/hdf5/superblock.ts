import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { BlockReader } from './block-reader.ts';
import { FieldCursor } from './field-cursor.ts';
import { verifyChecksum } from './lookup3.ts';
import type { AddressSpace } from './metadata-file.ts';

/** The first bytes of the superblock (HDF5 File Format Specification 3.0, II.A). */
const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Superblock of any version. Addresses are relative to `space.base`. */
interface Superblock {
  version: number;
  space: AddressSpace;
  /** Address of the root group's object header. */
  rootAddress: number;
  /** Address of the superblock extension, an object header. */
  extensionAddress?: number;
  /** Half the fan-out of chunk B-trees of version 1. */
  chunkNodeK?: number;
}

/** Offset of the superblock within bytes from the start of a file: 0, 512, 1024, 2048, …; -1 when there is none. */
export function findSignature(head: Uint8Array): number {
  for (let at = 0; at + signature.length <= head.length; at = at === 0 ? 512 : at * 2) {
    if (signature.every((byte, i) => head[at + i] === byte)) return at;
  }
  return -1;
}

/**
 * Reads the superblock, which follows a user block of 0, 512, 1024, 2048, … bytes. Throws FORMAT_CORRUPT when there is
 * none, when it is damaged, and when the object is shorter than it says.
 */
export async function readSuperblock(blocks: BlockReader): Promise<Superblock> {
  const at = await locateSuperblock(blocks);
  const most = Math.min(128, blocks.size - at);
  const bytes = await blocks.read(at, most, 'a superblock');
  const cursor = new FieldCursor(bytes, { url: blocks.url, base: at, offsetSize: 8, lengthSize: 8 });
  cursor.skip(signature.length);
  const version = cursor.uint8();
  if (version > 3) {
    const advice = 'write it with the library setting "v110" as its latest version';
    throw formatUnsupported(blocks.url, at + 8, `superblock version ${version}`, advice);
  }
  return version < 2 ? parseOld(blocks, cursor, version, bytes) : parseNew(blocks, cursor, version, bytes);
}

async function locateSuperblock(blocks: BlockReader): Promise<number> {
  for (let at = 0; at + signature.length <= blocks.size; at = at === 0 ? 512 : at * 2) {
    if (findSignature(await blocks.read(at, signature.length, 'the HDF5 signature')) === 0) return at;
  }
  throw formatCorrupt(
    blocks.url,
    0,
    'the HDF5 signature at byte 0, 512, 1024, 2048, …',
    'it at none of them',
  );
}

/** Versions 0 and 1. */
function parseOld(blocks: BlockReader, start: FieldCursor, version: number, bytes: Uint8Array): Superblock {
  start.skip(4);
  const widths = parseWidths(start);
  const cursor = new FieldCursor(bytes, { url: start.url, base: start.base, ...widths });
  cursor.seek(start.position);
  // Reserved, group leaf and internal K, consistency flags.
  cursor.skip(1 + 2 + 2 + 4);
  const chunkNodeK = version === 1 ? cursor.uint16() : undefined;
  if (version === 1) cursor.skip(2);
  const base = cursor.definedAddress('the base');
  cursor.address();
  const end = cursor.definedAddress('the end of file');
  cursor.address();
  cursor.skip(widths.offsetSize);
  const rootAddress = cursor.definedAddress("the root group's object header");
  checkEnd(blocks, cursor.base, base, end);
  return { version, space: { ...widths, base: cursor.base }, rootAddress, chunkNodeK };
}

/** Versions 2 and 3. */
function parseNew(blocks: BlockReader, start: FieldCursor, version: number, bytes: Uint8Array): Superblock {
  const widths = parseWidths(start);
  const cursor = new FieldCursor(bytes, { url: start.url, base: start.base, ...widths });
  cursor.seek(start.position);
  cursor.skip(1);
  const base = cursor.definedAddress('the base');
  const extensionAddress = cursor.address();
  const end = cursor.definedAddress('the end of file');
  const rootAddress = cursor.definedAddress("the root group's object header");
  cursor.skip(4);
  verifyChecksum(cursor.url, cursor.base, bytes.subarray(0, cursor.position), 'superblock');
  checkEnd(blocks, cursor.base, base, end);
  return { version, space: { ...widths, base: cursor.base }, rootAddress, extensionAddress };
}

function parseWidths(cursor: FieldCursor): { offsetSize: number; lengthSize: number } {
  const [offsetSize, lengthSize] = [cursor.uint8(), cursor.uint8()];
  for (const width of [offsetSize, lengthSize]) {
    if (![2, 4, 8].includes(width)) {
      cursor.position -= 2;
      throw cursor.corrupt('addresses and lengths of 2, 4 or 8 bytes', `${offsetSize} and ${lengthSize}`);
    }
  }
  return { offsetSize, lengthSize };
}

/**
 * The end-of-file address counts from the start of the object. Where the superblock is not at the base that it states,
 * a user block was added or removed since, and everything moved with it.
 */
function checkEnd(blocks: BlockReader, found: number, base: number, end: number): void {
  const expected = end - base + found;
  if (blocks.size >= expected) return;
  throw formatCorrupt(
    blocks.url,
    blocks.size,
    `a file of ${expected} bytes, as its superblock states`,
    `the end of the object after ${blocks.size} bytes: it is truncated`,
  );
}
