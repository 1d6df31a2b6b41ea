import { codecCorrupt } from './codec-error.ts';
import { copyLiterals, copyMatch } from './copy-match.ts';

/** Decodes raw Snappy (format_description.txt of google/snappy), which fills `out`. `codec` is named in errors: FORMAT_CORRUPT. */
export function decodeSnappy(codec: string, bytes: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  /** A little-endian number of `width` bytes. */
  const number = (width: number) => {
    if (from + width > bytes.length)
      throw codecCorrupt(codec, 'the rest of an element', 'the end of the stream');
    let value = 0;
    for (let i = 0; i < width; i++) value += bytes[from + i] * 2 ** (8 * i);
    from += width;
    return value;
  };
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = number(1);
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (length !== out.length) throw codecCorrupt(codec, `${out.length} bytes to come out`, String(length));
  while (from < bytes.length) {
    const tag = bytes[from++];
    const high = tag >> 2;
    if ((tag & 3) === 0) {
      // Up to 60 bytes stand in the tag; longer lengths follow it in 1 to 4 bytes.
      const literals = (high < 60 ? high : number(high - 59)) + 1;
      copyLiterals(codec, out, to, bytes, from, literals);
      from += literals;
      to += literals;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const size = isShort ? (high & 7) + 4 : high + 1;
    const distance = isShort ? ((tag >> 5) << 8) + number(1) : number((tag & 3) === 2 ? 2 : 4);
    copyMatch(codec, out, to, distance, size);
    to += size;
  }
  if (to !== out.length) throw codecCorrupt(codec, `${out.length} bytes to come out`, String(to));
}
