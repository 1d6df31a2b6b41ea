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
  view: DataView,
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
  if (bit === 0 && width === 8) unpack8(view, byte, count, target);
  else if (bit === 0 && width === 16) unpack16(view, byte, count, target);
  else {
    // Windows of the last values would reach past the end: these are unpacked from a copy with zeros behind.
    const lastStart = 8 * (view.byteLength - touchedBytes) + 7;
    const inside = Math.min(count, Math.max(0, Math.floor((lastStart - startBit) / width) + 1));
    unpackWindows(view, byte, bit, width, target, 0, inside);
    if (inside === count) return;
    const restBit = startBit + inside * width;
    const rest = withZeros(view, Math.floor(restBit / 8), Math.ceil((startBit + count * width) / 8));
    unpackWindows(rest, 0, restBit % 8, width, target, inside, count);
  }
}

function unpack8(view: DataView, byte: number, count: number, target: Uint32Array): void {
  for (let i = 0; i < count; i++) target[i] = view.getUint8(byte + i);
}

function unpack16(view: DataView, byte: number, count: number, target: Uint32Array): void {
  for (let i = 0, at = byte; i < count; i++, at += 2) target[i] = view.getUint16(at);
}

function withZeros(view: DataView, from: number, to: number): DataView {
  const padded = new Uint8Array(to - from + touchedBytes);
  padded.set(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
  return new DataView(padded.buffer);
}

/** Values `from` to `to` of the target. A load of four bytes is one instruction, which four loads of a byte are not. */
function unpackWindows(
  view: DataView,
  firstByte: number,
  firstBit: number,
  width: number,
  target: Uint32Array,
  from: number,
  to: number,
): void {
  // Up to 7 bits precede a value in its window of 32.
  if (width > 25) {
    unpackWide(view, firstByte, firstBit, width, target, from, to);
    return;
  }
  const shift = 32 - width;
  let byte = firstByte;
  let bit = firstBit;
  for (let i = from; i < to; i++) {
    target[i] = (view.getUint32(byte) << bit) >>> shift;
    bit += width;
    byte += bit >>> 3;
    bit &= 7;
  }
}

/** Values of 26 to 32 bits: all but the last 16 bits, then these. */
function unpackWide(
  view: DataView,
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
    const high = (view.getUint32(byte) << bit) >>> shift;
    bit += width - 16;
    byte += bit >>> 3;
    bit &= 7;
    target[i] = (high << 16) | ((view.getUint32(byte) << bit) >>> 16);
    bit += 16;
    byte += bit >>> 3;
    bit &= 7;
  }
}
