import type { PpHeader } from '../../src/pp/header.ts';
import type { WordFormat } from '../../src/pp/word-format.ts';

/** A field as it is to be written. Words of the header that are not given are those of a small map, or 0. */
export interface FieldBytes {
  header?: Partial<PpHeader>;
  /** Written as words of the type that LBUSER1 says; zeros when neither these nor `data` are given. */
  values?: readonly number[];
  /** Data as they are to lie in the file. */
  data?: Uint8Array;
  /** Vectors of extra data by code. */
  extra?: readonly (readonly [code: number, values: readonly number[]])[];
}

export const bigEndian: WordFormat = { order: 'big', wordBytes: 4, markerBytes: 4 };

/** Where words stand in a header, counted from 1 as UM documentation paper F3 does; from 46 on they are reals. */
const places: Readonly<Record<keyof PpHeader, number>> = {
  ...{ lbyr: 1, lbmon: 2, lbdat: 3, lbhr: 4, lbmin: 5, lbday: 6 },
  ...{ lbyrd: 7, lbmond: 8, lbdatd: 9, lbhrd: 10, lbmind: 11, lbdayd: 12 },
  ...{ lbtim: 13, lbft: 14, lblrec: 15, lbcode: 16, lbhem: 17, lbrow: 18, lbnpt: 19, lbext: 20, lbpack: 21 },
  ...{ lbrel: 22, lbfc: 23, lbcfc: 24, lbproc: 25, lbvc: 26, lbrvc: 27, lbexp: 28, lbegin: 29, lbnrec: 30 },
  ...{ lbproj: 31, lbtyp: 32, lblev: 33, lbrsvd1: 34, lbrsvd2: 35, lbrsvd3: 36, lbrsvd4: 37, lbsrce: 38 },
  ...{ lbuser1: 39, lbuser2: 40, lbuser3: 41, lbuser4: 42, lbuser5: 43, lbuser6: 44, lbuser7: 45 },
  ...{ brsvd1: 46, brsvd2: 47, brsvd3: 48, brsvd4: 49, bdatum: 50, bacc: 51, blev: 52, brlev: 53, bhlev: 54 },
  ...{ bhrlev: 55, bplat: 56, bplon: 57, bgor: 58, bzy: 59, bdy: 60, bzx: 61, bdx: 62, bmdi: 63, bmks: 64 },
};

const small: Partial<PpHeader> = {
  ...{ lbyr: 2001, lbmon: 2, lbdat: 3, lbhr: 4, lbyrd: 2001, lbmond: 2, lbdatd: 1, lbtim: 11, lbrel: 2 },
  ...{ lbcode: 1, lbrow: 2, lbnpt: 3, lbsrce: 1111, lbuser1: 1, lbuser4: 4, lbuser7: 1 },
  ...{ bplat: 90, bzy: -20, bdy: 10, bzx: -30, bdx: 30, bmdi: -1073741824 },
};

/** A word as it lies in a file. */
function wordBytesOf(value: number, isReal: boolean, { order, wordBytes }: WordFormat): Buffer {
  const little = order === 'little';
  const bytes = Buffer.alloc(wordBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (wordBytes === 8) {
    if (isReal) view.setFloat64(0, value, little);
    else view.setBigInt64(0, BigInt(value), little);
  } else if (isReal) view.setFloat32(0, value, little);
  else view.setInt32(0, value, little);
  return bytes;
}

/** The header of a field with all of its words, and its data with extra data. */
function encoded({ header, values, data, extra = [] }: FieldBytes, words: WordFormat) {
  const word = (value: number, isReal: boolean) => wordBytesOf(value, isReal, words);
  const all = { ...small, ...header };
  const isReal = ![2, 3].includes(Math.abs(all.lbuser1!));
  const count = all.lbrow! * all.lbnpt!;
  const stored =
    data ?? Buffer.concat((values ?? Array<number>(count).fill(0)).map((value) => word(value, isReal)));
  const vectors = Buffer.concat(
    extra.flatMap(([code, vector]) => [
      word(1000 * vector.length + code, false),
      ...vector.map((value) => word(value, true)),
    ]),
  );
  const lbext = vectors.length / words.wordBytes;
  const lblrec = (stored.length + vectors.length) / words.wordBytes;
  return {
    complete: { lbext, lblrec: Math.ceil(lblrec), ...all },
    bytes: Buffer.concat([stored, vectors]),
  };
}

function headerOf(header: Partial<PpHeader>, words: WordFormat): Buffer {
  return Buffer.concat(
    Object.entries(places).map(([name, place]) =>
      wordBytesOf(header[name as keyof PpHeader] ?? 0, place > 45, words),
    ),
  );
}

/** A PP file of these fields. */
export function ppBytes(fields: readonly FieldBytes[], words: WordFormat = bigEndian): Uint8Array {
  const record = (bytes: Uint8Array): Buffer => {
    const marker = Buffer.alloc(words.markerBytes);
    const view = new DataView(marker.buffer, marker.byteOffset, marker.length);
    const little = words.order === 'little';
    if (words.markerBytes === 8) view.setBigInt64(0, BigInt(bytes.length), little);
    else view.setInt32(0, bytes.length, little);
    return Buffer.concat([marker, bytes, marker]);
  };
  return Buffer.concat(
    fields.flatMap((field) => {
      const { complete, bytes } = encoded(field, words);
      return [record(headerOf(complete, words)), record(bytes)];
    }),
  );
}

/** Words of a record of a fieldsfile. */
const sectorWords = 64;

/**
 * A fieldsfile of these fields, with two entries more in its lookup table than there are fields. In `records`, data begin at
 * multiples of 64 words, last field first; else they follow each other.
 */
export function fieldsfileBytes(
  fields: readonly FieldBytes[],
  words: WordFormat,
  { kind = 3, records = true } = {},
): Uint8Array {
  const { wordBytes } = words;
  const entries = fields.length + 2;
  const dataWord = 256 + 46 + 38 + 64 * entries;
  const pieces: Buffer[] = [];
  let at = records ? sectorWords * Math.ceil(dataWord / sectorWords) : dataWord;
  const begins = at;
  const headers = fields.map((field) => encoded(field, words));
  for (const { complete, bytes } of records ? headers.toReversed() : headers) {
    const room = records ? sectorWords * Math.ceil(bytes.length / wordBytes / sectorWords) : 0;
    const length = wordBytes * (room || Math.ceil(bytes.length / wordBytes));
    if (records) Object.assign(complete, { lbegin: at, lbnrec: room });
    // Data of 32 bits are counted in words of 32 bits.
    if (complete.lbpack === 2) complete.lblrec = bytes.length / 4;
    pieces.push(Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]));
    at += length / wordBytes;
  }
  const fixed = Array<number>(256).fill(-32768);
  const set = (word: number, ...values: number[]) => fixed.splice(word - 1, values.length, ...values);
  set(1, 20, 1, 5, 0, kind);
  set(9, 3);
  set(100, 257, 46);
  set(105, 257 + 46, 38);
  set(150, 257 + 46 + 38, 64, entries);
  set(160, begins + 1, at - begins, at - begins);
  const integers = (values: readonly number[]) =>
    Buffer.concat(values.map((value) => wordBytesOf(value, false, words)));
  const unused = integers(Array<number>(2 * 64).fill(-99));
  const head = Buffer.concat([
    integers(fixed),
    integers(Array<number>(46).fill(0)),
    ...Array.from({ length: 38 }, () => wordBytesOf(-32768, true, words)),
    ...headers.map(({ complete }) => headerOf(complete, words)),
    unused,
  ]);
  return Buffer.concat([head, Buffer.alloc(wordBytes * begins - head.length), ...pieces]);
}
