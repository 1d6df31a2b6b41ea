import { codecCorrupt } from './codec-error.ts';

/**
 * Writes `length` bytes at `at` that repeat what stands `distance` before; the two may overlap, as with run lengths.
 * Throws FORMAT_CORRUPT when that is before the first byte, or past the end of `out`.
 */
export function copyMatch(
  codec: string,
  out: Uint8Array,
  at: number,
  distance: number,
  length: number,
): void {
  if (distance < 1 || distance > at) {
    throw codecCorrupt(codec, `a distance of at most ${at}`, String(distance));
  }
  if (length > out.length - at) {
    throw codecCorrupt(codec, `at most ${out.length} bytes to come out`, 'more');
  }
  if (distance >= length) out.copyWithin(at, at - distance, at - distance + length);
  else if (distance === 1) out.fill(out[at - 1], at, at + length);
  else for (let i = at; i < at + length; i++) out[i] = out[i - distance];
}

/** Writes a run of bytes at `at`. Throws FORMAT_CORRUPT when it is cut off, or goes past the end of `out`. */
export function copyLiterals(
  codec: string,
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  length: number,
): void {
  if (length > bytes.length - from) {
    throw codecCorrupt(codec, `${length} literal bytes`, `${bytes.length - from} bytes left`);
  }
  if (length > out.length - at) {
    throw codecCorrupt(codec, `at most ${out.length} bytes to come out`, 'more');
  }
  // Runs are short as a rule: a view would cost more than the loop.
  if (length > 32) out.set(bytes.subarray(from, from + length), at);
  else for (let i = 0; i < length; i++) out[at + i] = bytes[from + i];
}

/** An array of so many bytes. Throws FORMAT_CORRUPT when they are more than `stored` bytes can stand for at the most. */
export function allocateDecoded(
  codec: string,
  length: number,
  stored: number,
  largestRatio: number,
): Uint8Array {
  if (length > stored * largestRatio) {
    throw codecCorrupt(
      codec,
      `at most ${stored * largestRatio} bytes from ${stored} stored ones`,
      `${length}`,
    );
  }
  return new Uint8Array(length);
}
