import { codecCorrupt } from './codec-error.ts';

/** `count`, when the bytes are so many elements of `size` bytes. Throws FORMAT_CORRUPT otherwise. */
export function wholeElements(codec: string, bytes: Uint8Array, size: number, count: number): number {
  if (bytes.length === count * size) return count;
  throw codecCorrupt(codec, `${count} elements of ${size} bytes`, `${bytes.length} bytes`);
}

/** An unsigned number of `size` bytes. */
export function bigUint(bytes: Uint8Array, at: number, size: number, isBig: boolean): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(bytes[at + (isBig ? i : size - 1 - i)]);
  return value;
}
