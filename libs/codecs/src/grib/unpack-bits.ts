import { gribUnsupported } from './grib-error.ts';

/** The widest packed integer that is read. Writers use up to 25; a double holds any sum of these. */
const widestInteger = 32;

/** Refuses integers of more than 32 bits. */
export function assertWidth(width: number, what: string): void {
  if (width > widestInteger) throw gribUnsupported(`${what} of ${width} bits`);
}

// A value is taken out of a window of 4 bytes, or of two windows: so many bytes may be touched from its first one on.
const touchedBytes = 8;

/**
 * Unsigned integers of `width` bits, 0 to 32, one after another and the highest bit first, from `startBit` on. The caller has
 * checked that the bits are there.
 */
export function unpackBits(
  bytes: Uint8Array,
  startBit: number,
  width: number,
  count: number,
  target: Uint32Array,
): void {
  if (width === 0) {
    target.fill(0, 0, count);
    return;
  }
  const byte = Math.floor(startBit / 8);
  const bit = startBit % 8;
  if (bit === 0 && width === 8) unpack8(bytes, byte, count, target);
  else if (bit === 0 && width === 16) unpack16(bytes, byte, count, target);
  else if (bit === 0 && width === 24) unpack24(bytes, byte, count, target);
  else {
    // Windows of the last values would reach past the end: these are unpacked from a copy with zeros behind.
    const lastStart = 8 * (bytes.length - touchedBytes) + 7;
    const inside = Math.min(count, Math.max(0, Math.floor((lastStart - startBit) / width) + 1));
    unpackWindows(bytes, byte, bit, width, target, 0, inside);
    if (inside === count) return;
    const restBit = startBit + inside * width;
    const rest = bytes.subarray(Math.floor(restBit / 8), Math.ceil((startBit + count * width) / 8));
    const padded = new Uint8Array(rest.length + touchedBytes);
    padded.set(rest);
    unpackWindows(padded, 0, restBit % 8, width, target, inside, count);
  }
}

function unpack8(bytes: Uint8Array, byte: number, count: number, target: Uint32Array): void {
  for (let i = 0; i < count; i++) target[i] = bytes[byte + i];
}

function unpack16(bytes: Uint8Array, byte: number, count: number, target: Uint32Array): void {
  for (let i = 0, at = byte; i < count; i++, at += 2) target[i] = (bytes[at] << 8) | bytes[at + 1];
}

function unpack24(bytes: Uint8Array, byte: number, count: number, target: Uint32Array): void {
  for (let i = 0, at = byte; i < count; i++, at += 3) {
    target[i] = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  }
}

function unpackWindows(
  bytes: Uint8Array,
  firstByte: number,
  firstBit: number,
  width: number,
  target: Uint32Array,
  from: number,
  to: number,
): void {
  // Up to 7 bits precede a value in its window of 32.
  if (width > 25) {
    unpackWide(bytes, firstByte, firstBit, width, target, from, to);
    return;
  }
  const shift = 32 - width;
  let byte = firstByte;
  let bit = firstBit;
  for (let i = from; i < to; i++) {
    target[i] = (window32(bytes, byte) << bit) >>> shift;
    bit += width;
    byte += bit >>> 3;
    bit &= 7;
  }
}

/** Values of 26 to 32 bits: all but the last 16 bits, then these. */
function unpackWide(
  bytes: Uint8Array,
  firstByte: number,
  firstBit: number,
  width: number,
  target: Uint32Array,
  from: number,
  to: number,
): void {
  const shift = 48 - width;
  let byte = firstByte;
  let bit = firstBit;
  for (let i = from; i < to; i++) {
    const high = (window32(bytes, byte) << bit) >>> shift;
    bit += width - 16;
    byte += bit >>> 3;
    bit &= 7;
    target[i] = (high << 16) | ((window32(bytes, byte) << bit) >>> 16);
    bit += 16;
    byte += bit >>> 3;
    bit &= 7;
  }
}

function window32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
