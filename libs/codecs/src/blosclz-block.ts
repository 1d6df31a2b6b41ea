import { codecCorrupt } from './codec-error.ts';
import { copyLiterals, copyMatch } from './copy-match.ts';

// The largest distance of 13 bits, which says that 16 bits more follow.
const farthest = 8191;

/**
 * Decodes a stream of BloscLZ, which fills `out`: literals and matches as FastLZ has them, with distances of 13 bits or
 * 8191 and 16 bits more, and lengths that go on while a byte is 255. `codec` is named in errors: FORMAT_CORRUPT.
 */
export function decodeBlosclz(codec: string, bytes: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  const next = () => {
    if (from >= bytes.length) throw codecCorrupt(codec, 'the rest of a match', 'the end of the stream');
    return bytes[from++];
  };
  while (from < bytes.length) {
    // The first byte is of literals, whatever its high bits say: they are the format's level.
    const control = from === 0 ? bytes[from++] & 31 : bytes[from++];
    if (control < 32) {
      copyLiterals(codec, out, to, bytes, from, control + 1);
      from += control + 1;
      to += control + 1;
      continue;
    }
    let length = (control >> 5) + 2;
    if (control >> 5 === 7) {
      for (let byte = 255; byte === 255; length += byte) byte = next();
    }
    let distance = ((control & 31) << 8) + next() + 1;
    if (distance === farthest + 1) distance += (next() << 8) + next();
    copyMatch(codec, out, to, distance, length);
    to += length;
  }
  if (to !== out.length) throw codecCorrupt(codec, `${out.length} bytes to come out`, String(to));
}
