import { codecCorrupt } from './codec-error.ts';
import { copyLiterals, copyMatch } from './copy-match.ts';
import { decodeLz4Natively } from './native/liblz4.ts';

/** Bytes that one stored byte can stand for at most: of long runs, each further byte of a length counts 255. */
export const lz4LargestRatio = 255;

const shortestMatch = 4;

/**
 * Decodes a block of LZ4 (LZ4 Block Format Description), which fills `out`; there must be nothing but zeros in it. `codec` is named in
 * errors: FORMAT_CORRUPT.
 */
export function decodeLz4Block(codec: string, bytes: Uint8Array, out: Uint8Array): void {
  if (!decodeLz4Natively(bytes, out)) decodeSequences(codec, bytes, out);
}

function decodeSequences(codec: string, bytes: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  const lengthFrom = (nibble: number) => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (from >= bytes.length) throw codecCorrupt(codec, 'a length', 'the end of the block');
      byte = bytes[from++];
    }
    return length;
  };
  while (from < bytes.length) {
    const token = bytes[from++];
    const literals = lengthFrom(token >> 4);
    copyLiterals(codec, out, to, bytes, from, literals);
    from += literals;
    to += literals;
    // The last sequence has no match.
    if (from === bytes.length) break;
    if (from + 2 > bytes.length) throw codecCorrupt(codec, 'a distance', 'the end of the block');
    const distance = bytes[from] | (bytes[from + 1] << 8);
    from += 2;
    const length = lengthFrom(token & 15) + shortestMatch;
    copyMatch(codec, out, to, distance, length);
    to += length;
  }
  if (to !== out.length) throw codecCorrupt(codec, `${out.length} bytes to come out`, String(to));
}
