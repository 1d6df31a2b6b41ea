import { ByteCursor } from '../byte-cursor.ts';
import { readVarint } from './thrift.ts';

/**
 * The first `count` numbers of `width` bits (0 to 32) in runs and bit-packed groups of eight (apache/parquet-format, Encodings.md,
 * "Run Length Encoding / Bit-Packing Hybrid"). Throws FORMAT_CORRUPT where there are fewer.
 */
export function decodeRuns(
  bytes: Uint8Array,
  width: number,
  count: number,
  place: { url: string; base: number },
): Uint32Array {
  const numbers = new Uint32Array(count);
  if (width === 0) return numbers;
  const cursor = new ByteCursor(bytes, place);
  let at = 0;
  while (at < count) {
    const header = readVarint(cursor);
    const length = Math.floor(header / 2);
    if (!(length > 0)) throw cursor.corrupt('a run of at least one number', String(length));
    if (header % 2 === 0) {
      const end = Math.min(count, at + length);
      numbers.fill(cursor.uint(Math.ceil(width / 8)), at, end);
      at = end;
    } else {
      const values = Math.min(count - at, 8 * length);
      // The last group may be cut off behind its last number.
      const stored = Math.min(cursor.remaining, length * width);
      if (stored * 8 < values * width) throw cursor.corrupt(`${values} numbers of ${width} bits`, 'the end');
      unpack(cursor.bytes(stored), width, numbers.subarray(at, at + values));
      at += values;
    }
  }
  return numbers;
}

/** Numbers of a width, from the lowest bit of each byte on. */
function unpack(bytes: Uint8Array, width: number, out: Uint32Array): void {
  let bit = 0;
  for (let i = 0; i < out.length; i++) {
    let value = 0;
    for (let taken = 0; taken < width; ) {
      const within = bit % 8;
      const take = Math.min(8 - within, width - taken);
      value += ((bytes[bit >> 3] >> within) & ((1 << take) - 1)) * 2 ** taken;
      taken += take;
      bit += take;
    }
    out[i] = value;
  }
}
