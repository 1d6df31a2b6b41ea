import type { Codec, CodecConfiguration } from '../codec.ts';
import { codecCorrupt, codecUnsupported } from '../codec-error.ts';
import { positiveInteger } from '../configuration.ts';
import { ibmFloat } from './ibm-float.ts';
import { missingValue } from './missing-value.ts';
import { fieldHeaderWords, wgdosWords } from './wgdos-words.ts';

/** Largest number of bits of a packed value; the row header has five bits for it. */
const largestBits = 31;

const missingFlag = 32;
const minimumFlag = 64;
const zeroFlag = 128;

/**
 * Fields of the Met Office in WGDOS packing (UM documentation paper F3, LBPACK N1 = 1): each of `rows` rows has a base,
 * an IBM float, to which whole multiples of the field's precision, a power of two, are added. Bitmaps of a row tell which of
 * its `columns` values are missing, are the base itself, or are zero. Values come out as little-endian floats of `width`
 * bytes (4 or 8), missing ones as `missing`. It is only read.
 */
export const wgdosCodec: Codec = {
  name: 'pp_wgdos',
  decode,
  encode: () => {
    throw codecUnsupported('pp_wgdos', 'expected a codec that writes, found one that only reads');
  },
  encodedBound: (_decodedLength, configuration) => {
    const { rows, columns } = parameters(configuration);
    return 4 * (fieldHeaderWords + rows * (2 + Math.ceil((3 * columns) / 32) + columns));
  },
};

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const { rows, columns, width, missing } = parameters(configuration);
  if (rows * columns * width !== decodedLength) {
    throw codecCorrupt('pp_wgdos', `${decodedLength / width} values`, `${rows} rows of ${columns} columns`);
  }
  const words = wgdosWords(bytes, rows, columns);
  const precision = 2 ** (words[1] | 0);
  if (!Number.isFinite(precision)) throw codecCorrupt('pp_wgdos', 'a precision', `2^${words[1] | 0}`);
  const values = width === 8 ? new Float64Array(rows * columns) : new Float32Array(rows * columns);
  let at = fieldHeaderWords;
  for (let row = 0; row < rows; row++) {
    const target = values.subarray(row * columns, (row + 1) * columns);
    at = unpackRow({ words, at, row, precision, missing }, target);
  }
  return new Uint8Array(values.buffer);
}

interface PackedRow {
  words: Uint32Array;
  /** Index of the first word of the row. */
  at: number;
  row: number;
  precision: number;
  missing: number;
}

/** Unpacks a row and returns where the next one begins. */
function unpackRow(packed: PackedRow, values: Float32Array | Float64Array): number {
  const { words, at, row, precision, missing } = packed;
  if (at + 2 > words.length) throw rowCorrupt(row, `a header at word ${at}`, `${words.length} words`);
  const base = ibmFloat(words[at]);
  const flags = words[at + 1] >>> 16;
  const end = at + 2 + (words[at + 1] & 0xffff);
  if (flags > 0xff) throw rowCorrupt(row, 'flags of 8 bits', String(flags));
  if (end > words.length) throw rowCorrupt(row, `words up to ${end}`, `${words.length} words`);
  const bits = flags & largestBits;
  // The bitmaps that there are follow each other bit by bit; a word begins with the values again.
  const first = 32 * (at + 2);
  let mapsEnd = first;
  const [missingMap, minimumMap, zeroMap] = [missingFlag, minimumFlag, zeroFlag].map((flag) => {
    if ((flags & flag) === 0) return -1;
    mapsEnd += values.length;
    return mapsEnd - values.length;
  });
  const dataWord = Math.ceil(mapsEnd / 32);
  if (dataWord > end) throw rowCorrupt(row, `bitmaps up to word ${dataWord}`, `its end at word ${end}`);
  let position = 32 * dataWord;
  for (let column = 0; column < values.length; column++) {
    if (missingMap >= 0 && bitAt(words, missingMap + column) === 1) values[column] = missing;
    // In the bitmap of zeros, it is a 0 that stands for one.
    else if (zeroMap >= 0 && bitAt(words, zeroMap + column) === 0) values[column] = 0;
    else if (minimumMap >= 0 && bitAt(words, minimumMap + column) === 1) values[column] = base;
    else {
      // Decision 0033: the model overwrites the last word of some rows with the header of the next one.
      values[column] =
        position + bits > 32 * end ? missing : base + bitsAt(words, position, bits) * precision;
      position += bits;
    }
  }
  const valuesEnd = Math.ceil(position / 32);
  if (valuesEnd !== end && valuesEnd !== end + 1) {
    throw rowCorrupt(row, `its values to end at word ${valuesEnd}`, `word ${end}`);
  }
  return end;
}

function bitAt(words: Uint32Array, position: number): number {
  return (words[position >>> 5] >>> (31 - (position & 31))) & 1;
}

/** An unsigned number of up to 31 bits, the most significant first. */
function bitsAt(words: Uint32Array, position: number, bits: number): number {
  if (bits === 0) return 0;
  const word = position >>> 5;
  const over = (position & 31) + bits - 32;
  const high = words[word] & (0xffffffff >>> (position & 31));
  return over <= 0 ? high >>> -over : high * 2 ** over + (words[word + 1] >>> (32 - over));
}

function rowCorrupt(row: number, expected: string, found: string): Error {
  return codecCorrupt('pp_wgdos', `row ${row}: ${expected}`, found);
}

function parameters(configuration: CodecConfiguration) {
  const rows = positiveInteger('pp_wgdos', configuration, 'rows');
  const columns = positiveInteger('pp_wgdos', configuration, 'columns');
  const width = positiveInteger('pp_wgdos', configuration, 'width');
  return { rows, columns, width, missing: missingValue('pp_wgdos', configuration) };
}
