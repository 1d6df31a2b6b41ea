import { ByteCursor } from '../byte-cursor.ts';
import { formatUnsupported } from '../format-error.ts';

/** A value as a column stores it: numbers of INT32, INT64 and DOUBLE; bytes share memory with their page. */
export type StoredValue = number | Uint8Array;

/** How values of a type are stored. */
interface PlainType {
  /** The least bytes that a value takes. */
  bytes: number;
  read(cursor: ByteCursor): StoredValue;
  skip(cursor: ByteCursor): void;
}

/** Types of columns (parquet.thrift, "Type"). */
const types: Record<number, PlainType> = {
  1: { bytes: 4, read: (cursor) => cursor.int32(), skip: (cursor) => cursor.skip(4) },
  2: { bytes: 8, read: readInt64, skip: (cursor) => cursor.skip(8) },
  5: { bytes: 8, read: (cursor) => cursor.float64(), skip: (cursor) => cursor.skip(8) },
  6: {
    bytes: 4,
    read: (cursor) => cursor.bytes(cursor.uint32()),
    skip: (cursor) => cursor.skip(cursor.uint32()),
  },
};

/** Where values are, for messages: `base` is the offset of their page. */
interface Place {
  url: string;
  base: number;
}

/**
 * Values one after another (apache/parquet-format, Encodings.md, "Plain"): INT32, INT64, DOUBLE and BYTE_ARRAY. Throws
 * FORMAT_CORRUPT where there are fewer, FORMAT_UNSUPPORTED for other types.
 */
export function plainValues(bytes: Uint8Array, type: number, count: number, place: Place): StoredValue[] {
  const { cursor, read } = openValues(bytes, type, count, place);
  return Array.from({ length: count }, () => read(cursor));
}

/** Every so many values it is remembered where one begins. */
const markedValues = 16;

/**
 * Plain values that are read by their number. A few packed bytes may stand for millions: what is taken of memory follows from the
 * largest number that is asked for, and is some bytes for every sixteen before it.
 */
export class NumberedValues {
  readonly length: number;
  readonly #cursor: ByteCursor;
  readonly #type: PlainType;
  /** Where each sixteenth value begins, as far as was asked. */
  readonly #marks = [0];

  /** Arguments and errors as of `plainValues`. */
  constructor(bytes: Uint8Array, type: number, count: number, place: Place) {
    const { cursor, ...found } = openValues(bytes, type, count, place);
    this.length = count;
    this.#cursor = cursor;
    this.#type = found;
  }

  /** The value of a number below `length`. Throws FORMAT_CORRUPT where it, or one before it, ends past the last byte. */
  at(number: number): StoredValue {
    const mark = Math.floor(number / markedValues);
    while (this.#marks.length <= mark) {
      this.#cursor.seek(this.#marks.at(-1)!);
      this.#skip(markedValues);
      this.#marks.push(this.#cursor.position);
    }
    this.#cursor.seek(this.#marks[mark]);
    this.#skip(number % markedValues);
    return this.#type.read(this.#cursor);
  }

  #skip(count: number): void {
    for (let i = 0; i < count; i++) this.#type.skip(this.#cursor);
  }
}

function openValues(
  bytes: Uint8Array,
  type: number,
  count: number,
  place: Place,
): PlainType & { cursor: ByteCursor } {
  const known = types[type];
  if (known === undefined) {
    const advice = 'write the file again with texts and whole numbers';
    throw formatUnsupported(place.url, place.base, `type ${type} of a column of a Parquet file`, advice);
  }
  const cursor = new ByteCursor(bytes, place);
  if (count * known.bytes > bytes.length)
    throw cursor.corrupt(`${count} values of at least ${known.bytes} bytes`, `${bytes.length} bytes`);
  return { ...known, cursor };
}

/** Infinity where no number is as large: an offset can't be. */
function readInt64(cursor: ByteCursor): number {
  const value = Number(cursor.bigInt64());
  return Number.isSafeInteger(value) ? value : Infinity;
}
