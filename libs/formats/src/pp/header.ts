import { ByteCursor } from '../byte-cursor.ts';
import { headerWords, type WordFormat } from './word-format.ts';

/** Names of the words of a header, in order (UM documentation paper F3, "PP header"). */
const integerNames = [
  ...['lbyr', 'lbmon', 'lbdat', 'lbhr', 'lbmin', 'lbday'],
  ...['lbyrd', 'lbmond', 'lbdatd', 'lbhrd', 'lbmind', 'lbdayd'],
  ...[
    'lbtim',
    'lbft',
    'lblrec',
    'lbcode',
    'lbhem',
    'lbrow',
    'lbnpt',
    'lbext',
    'lbpack',
    'lbrel',
    'lbfc',
    'lbcfc',
  ],
  ...['lbproc', 'lbvc', 'lbrvc', 'lbexp', 'lbegin', 'lbnrec', 'lbproj', 'lbtyp', 'lblev'],
  ...['lbrsvd1', 'lbrsvd2', 'lbrsvd3', 'lbrsvd4', 'lbsrce'],
  ...['lbuser1', 'lbuser2', 'lbuser3', 'lbuser4', 'lbuser5', 'lbuser6', 'lbuser7'],
] as const;

const realNames = [
  ...['brsvd1', 'brsvd2', 'brsvd3', 'brsvd4', 'bdatum', 'bacc', 'blev', 'brlev', 'bhlev', 'bhrlev'],
  ...['bplat', 'bplon', 'bgor', 'bzy', 'bdy', 'bzx', 'bdx', 'bmdi', 'bmks'],
] as const;

/** The words of a header by their names in lower case. Integers of 64 bits are numbers: no word needs more than 53. */
export type PpHeader = Record<(typeof integerNames)[number] | (typeof realNames)[number], number>;

/** Reads a header. `bytes` are its words, which lie at `offset` of the object. Throws FORMAT_CORRUPT. */
export function parseHeader(bytes: Uint8Array, offset: number, words: WordFormat, url: string): PpHeader {
  const cursor = new ByteCursor(bytes, { url, base: offset, order: words.order });
  const wide = words.wordBytes === 8;
  const header: Partial<PpHeader> = {};
  for (const name of integerNames) header[name] = wide ? wideInteger(cursor, name) : cursor.int32();
  for (const name of realNames) header[name] = wide ? cursor.float64() : cursor.float32();
  return header as PpHeader;
}

function wideInteger(cursor: ByteCursor, name: string): number {
  const value = Number(cursor.bigInt64());
  if (!Number.isSafeInteger(value)) throw cursor.corrupt(`${name.toUpperCase()} below 2^53`, String(value));
  return value;
}

/** Bytes of a header. */
export function headerBytes({ wordBytes }: WordFormat): number {
  return headerWords * wordBytes;
}

/** The STASH code of a field, "m01s00i004": model, section and item; undefined when it has none. */
export function stashOf({ lbuser4, lbuser7 }: PpHeader): string | undefined {
  const section = Math.floor(lbuser4 / 1000);
  const item = lbuser4 % 1000;
  if (lbuser7 < 1 || lbuser7 > 99 || section < 0 || section > 99 || item < 1) return undefined;
  const digits = (value: number, count: number) => String(value).padStart(count, '0');
  return `m${digits(lbuser7, 2)}s${digits(section, 2)}i${digits(item, 3)}`;
}

/** A decimal digit of a header word that packs several, the last one being digit 0. */
export function digit(word: number, place: number): number {
  return Math.floor(Math.abs(word) / 10 ** place) % 10;
}
