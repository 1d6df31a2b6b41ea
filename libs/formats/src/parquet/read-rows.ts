import type { ByteSource, ObjectVersion } from '@hyperslab/storage';
import { formatCorrupt } from '../format-error.ts';
import { metadataLength, parseFileMetadata, type RowGroup, trailerBytes } from './file-metadata.ts';
import type { StoredValue } from './plain-values.ts';
import { ReadBudget, recordTooLarge } from './read-budget.ts';
import { readColumn } from './read-column.ts';

/** Fetched first, from the end: most files of references are smaller, and are there with it. */
const tailBytes = 1024 * 1024;

/** Metadata of a file of four columns are some kilobytes. */
const mostMetadataBytes = 1024 * 1024;

/** What of a file is read, and what is made of its values. */
export interface RowsRequest<T> {
  /** Names of columns; one that is not there has no values. */
  columns: readonly string[];
  /** What a value of a column is kept as; called once for each entry of a dictionary that is named. */
  toValue(column: string, value: StoredValue): T | null;
  /** Rows that are wanted, from the first. */
  wanted: number;
  signal?: AbortSignal;
}

/** Values by column, null where there is none; the rows that the file has. */
export interface Rows<T> {
  columns: Map<string, (T | null)[]>;
  rows: number;
}

/**
 * Reads columns of a Parquet file without nested ones (apache/parquet-format, "File format"): row group after row group, and no
 * more of them than hold the wanted rows. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH, FORMAT_UNSUPPORTED, TOO_LARGE, and what the
 * source throws.
 */
export async function readRows<T>(
  source: ByteSource,
  version: ObjectVersion,
  { columns, toValue, wanted, signal }: RowsRequest<T>,
): Promise<Rows<T>> {
  const { url } = source;
  const { size } = version;
  if (size < trailerBytes + 4) throw formatCorrupt(url, 0, 'a Parquet file', `${size} bytes`);
  const tailAt = Math.max(0, size - tailBytes);
  const [tail] = await source.read([{ offset: tailAt, length: size - tailAt }], { signal, expect: version });
  const groups = parseTail(tail, url, size);
  const values = new Map(columns.map((name) => [name, [] as (T | null)[]]));
  const packed = new ReadBudget(url, 'row groups');
  const unpacked = new ReadBudget(url, 'unpacked pages');
  let left = wanted;
  // What groups of no rows say of their columns is not looked at: each could name all of the file.
  for (const group of groups.filter(({ rows }) => rows > 0)) {
    if (left <= 0) break;
    const count = Math.min(left, group.rows);
    const chunks = columns.flatMap((name) => group.columns.get(name) ?? []);
    packed.take(chunks.reduce((sum, { length }) => sum + length, 0));
    const bytes = await fetchRanges(chunks);
    for (const [at, column] of chunks.entries()) {
      const into = values.get(column.name)!;
      const read = readColumn(bytes[at], column, url, count, unpacked, (value) =>
        toValue(column.name, value),
      );
      for (const value of read) into.push(value);
    }
    for (const name of columns) {
      if (!group.columns.has(name)) for (let row = 0; row < count; row++) values.get(name)!.push(null);
    }
    left -= count;
  }
  return { columns: values, rows: groups.reduce((sum, { rows }) => sum + rows, 0) };

  /** Ranges of the file, of which the tail is there. */
  async function fetchRanges(ranges: { offset: number; length: number }[]): Promise<Uint8Array[]> {
    if (ranges.every(({ offset }) => offset >= tailAt))
      return ranges.map(({ offset, length }) => tail.subarray(offset - tailAt, offset - tailAt + length));
    const wantedRanges = ranges.map(({ offset, length }) => ({ offset, length }));
    return source.read(wantedRanges, { signal, expect: version });
  }
}

/** Row groups, from the last bytes of a file. */
function parseTail(tail: Uint8Array, url: string, size: number): RowGroup[] {
  const length = metadataLength(tail.subarray(-trailerBytes), url, size);
  const end = tail.length - trailerBytes;
  if (length > Math.min(end, mostMetadataBytes))
    throw recordTooLarge(url, 'metadata', mostMetadataBytes, length);
  return parseFileMetadata(tail.subarray(end - length, end), url, size - trailerBytes - length, size);
}
