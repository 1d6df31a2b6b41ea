import type { WordFormat } from './word-format.ts';

/** Words of the fixed-length header (UM documentation paper F3, section 2.1). */
const fixedHeaderWords = 256;

/** Words of 64 or 32 bits in either byte order: how a fieldsfile may be written. It has no Fortran records. */
const formats: readonly WordFormat[] = [8, 4].flatMap((width) =>
  (['big', 'little'] as const).map((order) => {
    const bytes = width as 4 | 8;
    return { order, wordBytes: bytes, markerBytes: bytes };
  }),
);

/** Versions of the fixed-length header; ancillary files have the missing value. */
const versions = [15, 20, -32768];

/** Models: atmosphere, ocean, waves. */
const models = [1, 2, 4];

/**
 * Which words a file is made of that begins with the fixed-length header of the Unified Model's own files; undefined when it
 * begins with something else.
 */
export function fieldsfileWords(head: Uint8Array): WordFormat | undefined {
  return formats.find((format) => {
    if (head.length < fixedHeaderWords * format.wordBytes) return false;
    const [version, model, vertical, horizontal, kind] = [1, 2, 3, 4, 5].map((word) =>
      fixedWord(head, word, format),
    );
    // What the header says of levels and grid are small codes; the kinds of file are numbered from 1 to 10.
    const isCoded = [vertical, horizontal].every((code) => code === -32768 || (code >= 0 && code < 200));
    return versions.includes(version) && models.includes(model) && isCoded && kind >= 1 && kind <= 10;
  });
}

/** An integer of the fixed-length header, counted from 1 as paper F3 does; NaN past 2^53. */
export function fixedWord(head: Uint8Array, word: number, { order, wordBytes }: WordFormat): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const at = wordBytes * (word - 1);
  const little = order === 'little';
  if (wordBytes === 4) return view.getInt32(at, little);
  const value = Number(view.getBigInt64(at, little));
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
