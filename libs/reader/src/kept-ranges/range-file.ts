import { crc32 } from 'node:zlib';

/** Files say so at their beginning; another layout gets another number. */
const magic = Buffer.from('HSRANGE1', 'latin1');
const digestBytes = 16;
export const headerBytes = 32;

/**
 * What is in front of the bytes of a range in a file: 8 bytes of "HSRANGE1", the 16 of the digest, and two numbers of 4 bytes, the lowest first: length and CRC-32 of
 * the bytes.
 */
export function rangeHeader(digest: Int32Array, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  for (const [at, word] of digest.entries()) header.writeInt32LE(word, magic.length + 4 * at);
  header.writeUInt32LE(bytes.length, magic.length + digestBytes);
  header.writeUInt32LE(crc32(bytes), magic.length + digestBytes + 4);
  return header;
}

/** Whether a file has what its name says, whole: after a crash it may have anything. */
export function isSound(header: Uint8Array, digest: Int32Array, bytes: Uint8Array): boolean {
  return header.length === headerBytes && rangeHeader(digest, bytes).equals(header);
}
