import { ByteCursor } from '../byte-cursor.ts';
import type { WordFormat } from './word-format.ts';

/** Vectors of extra data by their code (UM documentation paper F3, "Extra data"). */
export interface ExtraData {
  /** 1: coordinates along a row. */
  x?: number[];
  /** 2: coordinates along a column. */
  y?: number[];
  /** 12 and 13: lower and upper bounds of `x`. */
  xLower?: number[];
  xUpper?: number[];
  /** 14 and 15: the same of `y`. */
  yLower?: number[];
  yUpper?: number[];
  /** 4 and 6: ends of the domain in x that each row or column is of; 3 and 5: the same in y. */
  xDomainLower?: number[];
  xDomainUpper?: number[];
  yDomainLower?: number[];
  yDomainUpper?: number[];
}

const names: Readonly<Record<number, keyof ExtraData>> = {
  1: 'x',
  2: 'y',
  3: 'yDomainLower',
  4: 'xDomainLower',
  5: 'yDomainUpper',
  6: 'xDomainUpper',
  12: 'xLower',
  13: 'xUpper',
  14: 'yLower',
  15: 'yUpper',
};

/**
 * Reads the extra data of a field: vectors, each after a word that is 1000 times its length and its code. Codes of other
 * things (domains in height, titles) are passed over. Throws FORMAT_CORRUPT for a vector that does not fit.
 */
export function parseExtraData(bytes: Uint8Array, words: WordFormat, url: string, offset: number): ExtraData {
  const { order, wordBytes } = words;
  const cursor = new ByteCursor(bytes, { url, base: offset, order });
  const extra: ExtraData = {};
  while (cursor.remaining >= wordBytes) {
    const code = wordBytes === 8 ? Number(cursor.bigInt64()) : cursor.int32();
    // What follows the last vector is zeros.
    if (code === 0) break;
    const length = Math.floor(code / 1000);
    if (code < 0 || length > cursor.remaining / wordBytes) {
      throw cursor.corrupt(
        `a vector of extra data within ${cursor.remaining} bytes`,
        `one of ${length} words (code ${code})`,
      );
    }
    const name = names[code % 1000];
    if (name === undefined) cursor.skip(length * wordBytes);
    else {
      extra[name] = Array.from({ length }, () => (wordBytes === 8 ? cursor.float64() : cursor.float32()));
    }
  }
  return extra;
}
