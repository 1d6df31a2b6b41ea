import { HyperslabError } from '@hyperslab/errors';
import { decodeText } from '../hdf5/text.ts';
import type { ElementType } from './element-type.ts';

/** Texts of a fixed number of bytes, without the zeros that fill them up: of UTF-8, or of UTF-32. */
export function parseFixedTexts(
  bytes: Uint8Array,
  { width, text, bigEndian }: ElementType,
  count: number,
): string[] {
  const parse = text === 'utf32' ? (part: Uint8Array) => utf32Text(part, bigEndian) : utf8Text;
  return Array.from({ length: count }, (_, i) => parse(bytes.subarray(i * width, (i + 1) * width)));
}

/**
 * Texts of any length as "vlen-utf8" writes them (numcodecs; the Zarr v3 codec of that name): their number, then each with its
 * length before it, as uint32 little-endian. Throws FORMAT_CORRUPT.
 */
export function parseVlenTexts(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = bytes.length < 4 ? -1 : view.getUint32(0, true);
  if (found !== count)
    throw vlenCorrupt(`${count} texts`, found < 0 ? `${bytes.length} bytes` : String(found));
  const texts: string[] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    const length = at + 4 > bytes.length ? Infinity : view.getUint32(at, true);
    if (at + 4 + length > bytes.length) throw vlenCorrupt(`text ${i} of ${count}`, 'the end of the chunk');
    at += 4;
    texts.push(decodeText(bytes.subarray(at, at + length)));
    at += length;
  }
  return texts;
}

function utf8Text(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return decodeText(bytes.subarray(0, end));
}

function utf32Text(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const point = view.getUint32(at, !bigEndian);
    if (point > 0x10ffff) throw vlenCorrupt('a character of Unicode', `code point ${point}`);
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}

function vlenCorrupt(expected: string, found: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `expected ${expected}, found ${found}; the chunk is damaged: copy or write its store again`,
    { expected, found },
  );
}
