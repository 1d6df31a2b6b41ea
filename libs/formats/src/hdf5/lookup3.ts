import { formatCorrupt } from '../format-error.ts';

/**
 * Bob Jenkins' lookup3 hash ("hashlittle", initial value 0): the checksum of HDF5's newer structures (HDF5 File Format
 * Specification, "Checksum" fields). An unsigned 32-bit number.
 */
export function lookup3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  // The last one to twelve bytes go through the final mixing instead.
  for (; bytes.length - at > 12; at += 12) {
    a = (a + view.getInt32(at, true)) | 0;
    b = (b + view.getInt32(at + 4, true)) | 0;
    c = (c + view.getInt32(at + 8, true)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  if (at === bytes.length) return c >>> 0;
  a = (a + tailWord(bytes, at)) | 0;
  b = (b + tailWord(bytes, at + 4)) | 0;
  c = (c + tailWord(bytes, at + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Little-endian word whose bytes past the end are zero. */
function tailWord(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 4 && at + i < bytes.length; i++) word |= bytes[at + i] << (8 * i);
  return word;
}

/** Throws FORMAT_CORRUPT when the last four bytes are not the checksum of those before. `offset` is theirs in the file. */
export function verifyChecksum(url: string, offset: number, bytes: Uint8Array, what: string): void {
  const end = bytes.length - 4;
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true);
  const computed = lookup3(bytes.subarray(0, end));
  if (stored === computed) return;
  throw formatCorrupt(
    url,
    offset + end,
    `checksum 0x${computed.toString(16)} of the ${what}`,
    `0x${stored.toString(16)}`,
  );
}
