import { ByteCursor } from '../byte-cursor.ts';
import { formatUnsupported } from '../format-error.ts';
import { decodeText } from '../hdf5/text.ts';

/** A file in a zip archive. */
export interface ZipMember {
  name: string;
  /** 0: stored as it is; 8: a raw deflate stream. */
  method: number;
  isEncrypted: boolean;
  /** Bytes that it takes in the archive. */
  storedBytes: number;
  /** Bytes that it has unpacked. */
  bytes: number;
  /** Offset of its local file header. */
  headerOffset: number;
}

/** Where the central directory lies. */
export interface DirectoryPlace {
  offset: number;
  length: number;
}

/** The most bytes that the records at the end of an archive take: a comment of 64 KiB, and those of ZIP64. */
export const mostEndBytes = 65535 + 22 + 20 + 56;

const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;

/** In these fields it stands for "see the ZIP64 record". */
const seeZip64 = 0xffffffff;

/**
 * Finds the central directory in the last bytes of an archive, which begin at `base` (.ZIP File Format Specification 6.3,
 * sections 4.3.14 to 4.3.16). Throws FORMAT_CORRUPT, and FORMAT_UNSUPPORTED for an archive in several parts.
 */
export function findDirectory(tail: Uint8Array, url: string, base: number): DirectoryPlace {
  const cursor = new ByteCursor(tail, { url, base });
  const at = lastEndRecord(tail);
  if (at < 0) {
    cursor.seek(tail.length);
    throw cursor.corrupt('the end of a zip archive', 'none in its last bytes');
  }
  cursor.seek(at + 4);
  const parts = [cursor.uint16(), cursor.uint16()];
  cursor.skip(4);
  const place = { length: cursor.uint32(), offset: cursor.uint32() };
  const found = readZip64(cursor, at) ?? place;
  if (parts.some((part) => part !== 0 && part !== 0xffff)) {
    throw formatUnsupported(url, base + at, 'a zip archive in several parts', 'join its parts');
  }
  if (found.offset + found.length > base + at) {
    throw cursor.corrupt(
      `a central directory before byte ${base + at}`,
      `bytes ${found.offset} to ${found.offset + found.length}`,
    );
  }
  return found;
}

/** Place of the record that the archive ends with; behind it there is a comment only. */
function lastEndRecord(tail: Uint8Array): number {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) === endSignature && at + 22 + view.getUint16(at + 20, true) === tail.length)
      return at;
  }
  return -1;
}

/** The same of the ZIP64 record, where a locator before the end record leads to one. */
function readZip64(cursor: ByteCursor, end: number): DirectoryPlace | undefined {
  const locator = end - 20;
  if (locator < 0) return undefined;
  cursor.seek(locator);
  if (cursor.uint32() !== locatorSignature) return undefined;
  cursor.skip(4);
  const offset = cursor.uint(8) - cursor.base;
  cursor.seek(Math.max(0, offset));
  if (offset < 0 || cursor.uint32() !== end64Signature) {
    throw cursor.corrupt('the ZIP64 end record that the archive points to', 'other bytes');
  }
  cursor.skip(36);
  return { length: cursor.uint(8), offset: cursor.uint(8) };
}

/** All files of a central directory (section 4.3.12); of one name the last, which replaced the others. */
export function parseDirectory(bytes: Uint8Array, url: string, base: number): Map<string, ZipMember> {
  const cursor = new ByteCursor(bytes, { url, base });
  const members = new Map<string, ZipMember>();
  while (cursor.remaining > 0) {
    const member = parseMember(cursor);
    if (!member.name.endsWith('/')) members.set(member.name, member);
  }
  return members;
}

function parseMember(cursor: ByteCursor): ZipMember {
  if (cursor.uint32() !== memberSignature) {
    cursor.position -= 4;
    throw cursor.corrupt('an entry of the central directory', 'other bytes');
  }
  cursor.skip(4);
  const isEncrypted = (cursor.uint16() & 1) === 1;
  const method = cursor.uint16();
  cursor.skip(8);
  const storedBytes = cursor.uint32();
  const unpackedBytes = cursor.uint32();
  const [nameBytes, extraBytes, commentBytes] = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
  cursor.skip(8);
  const headerOffset = cursor.uint32();
  const name = decodeText(cursor.bytes(nameBytes));
  const extra = new ByteCursor(cursor.bytes(extraBytes), {
    url: cursor.url,
    base: cursor.offset - extraBytes,
  });
  cursor.skip(commentBytes);
  // The ZIP64 field (section 4.5.3) has those of the three that did not fit, in this order.
  const wide = zip64Field(extra);
  const fitting = (value: number) => (value === seeZip64 && wide !== undefined ? wide.uint(8) : value);
  const bytes = fitting(unpackedBytes);
  return {
    name,
    method,
    isEncrypted,
    bytes,
    storedBytes: fitting(storedBytes),
    headerOffset: fitting(headerOffset),
  };
}

function zip64Field(extra: ByteCursor): ByteCursor | undefined {
  while (extra.remaining >= 4) {
    const id = extra.uint16();
    const length = extra.uint16();
    if (id === 1) {
      const base = extra.offset;
      return new ByteCursor(extra.bytes(length), { url: extra.url, base });
    }
    extra.skip(Math.min(length, extra.remaining));
  }
  return undefined;
}

/** Length of a local file header (section 4.3.7) without name and extra field. */
export const localHeaderBytes = 30;

/** Offset of a member's data, from its local file header: the lengths there need not be those of the directory. */
export function dataOffset(header: Uint8Array, url: string, { headerOffset }: ZipMember): number {
  const cursor = new ByteCursor(header, { url, base: headerOffset });
  if (cursor.uint32() !== localSignature) {
    cursor.position -= 4;
    throw cursor.corrupt('a local file header', 'other bytes');
  }
  cursor.seek(26);
  return headerOffset + localHeaderBytes + cursor.uint16() + cursor.uint16();
}
