import { ByteCursor } from '../byte-cursor.ts';
import { formatUnsupported } from '../format-error.ts';

/** A value as a column stores it: numbers of INT32, INT64 and DOUBLE; bytes share memory with their page. */
export type StoredValue = number | Uint8Array;

/** Types of columns (parquet.thrift, "Type"), and the least bytes that a value takes. */
const types: Record<number, { bytes: number; read(cursor: ByteCursor): StoredValue }> = {
  1: { bytes: 4, read: (cursor) => cursor.int32() },
  2: { bytes: 8, read: readInt64 },
  5: { bytes: 8, read: (cursor) => cursor.float64() },
  6: { bytes: 4, read: (cursor) => cursor.bytes(cursor.uint32()) },
};

/**
 * Values one after another (apache/parquet-format, Encodings.md, "Plain"): INT32, INT64, DOUBLE and BYTE_ARRAY. Throws
 * FORMAT_CORRUPT where there are fewer, FORMAT_UNSUPPORTED for other types.
 */
export function plainValues(
  bytes: Uint8Array,
  type: number,
  count: number,
  place: { url: string; base: number },
): StoredValue[] {
  const known = types[type];
  if (known === undefined) {
    const advice = 'write the file again with texts and whole numbers';
    throw formatUnsupported(place.url, place.base, `type ${type} of a column of a Parquet file`, advice);
  }
  const cursor = new ByteCursor(bytes, place);
  if (count * known.bytes > bytes.length)
    throw cursor.corrupt(`${count} values of at least ${known.bytes} bytes`, `${bytes.length} bytes`);
  return Array.from({ length: count }, () => known.read(cursor));
}

/** Infinity where no number is as large: an offset can't be. */
function readInt64(cursor: ByteCursor): number {
  const value = Number(cursor.bigInt64());
  return Number.isSafeInteger(value) ? value : Infinity;
}
