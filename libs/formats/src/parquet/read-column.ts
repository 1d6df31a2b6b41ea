import { ByteCursor } from '../byte-cursor.ts';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { decodeRuns } from './bit-runs.ts';
import { Dictionary } from './dictionary.ts';
import type { ColumnChunk } from './file-metadata.ts';
import { type Page, readPage } from './page.ts';
import { plainValues, type StoredValue } from './plain-values.ts';
import type { ReadBudget } from './read-budget.ts';

/**
 * The first `wanted` values of a column of a row group, null where there is none; `toValue` makes of each what is kept, once for
 * each entry of a dictionary that is named. `bytes` are those of the chunk. What is taken of memory follows from `wanted` and from
 * the budget of unpacked bytes. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH, FORMAT_UNSUPPORTED, TOO_LARGE.
 */
export function readColumn<T>(
  bytes: Uint8Array,
  column: ColumnChunk,
  url: string,
  wanted: number,
  unpacked: ReadBudget,
  toValue: (value: StoredValue) => T | null,
): (T | null)[] {
  const cursor = new ByteCursor(bytes, { url, base: column.offset });
  const values: (T | null)[] = [];
  let dictionary: Dictionary<T> | undefined;
  while (values.length < wanted) {
    if (cursor.remaining === 0)
      throw cursor.corrupt(`${wanted} values of column "${column.name}"`, String(values.length));
    const page = readPage(cursor, column, unpacked);
    if (page?.kind === 'dictionary') {
      dictionary = new Dictionary(page, column, url, toValue);
    } else if (page !== undefined) {
      const count = Math.min(page.values, wanted - values.length);
      append(values, page, count, { column, url, dictionary, toValue });
    }
  }
  return values;
}

interface Decoding<T> {
  column: ColumnChunk;
  url: string;
  dictionary: Dictionary<T> | undefined;
  toValue: (value: StoredValue) => T | null;
}

/** Adds the first values of a data page: nulls where a definition level is 0. */
function append<T>(values: (T | null)[], page: Page, count: number, decoding: Decoding<T>): void {
  const { column, url } = decoding;
  let { levels, bytes } = page;
  if (column.isOptional && levels === undefined) {
    const cursor = new ByteCursor(bytes, place(url, page));
    levels = cursor.bytes(cursor.uint32());
    bytes = bytes.subarray(cursor.position);
  }
  const defined = column.isOptional ? decodeRuns(levels!, 1, count, place(url, page)) : undefined;
  const present = defined === undefined ? count : defined.reduce((sum, level) => sum + level, 0);
  const stored = present === 0 ? [] : valuesOf(page, bytes, present, decoding);
  let next = 0;
  for (let at = 0; at < count; at++) values.push(defined?.[at] === 0 ? null : stored[next++]);
}

function valuesOf<T>(page: Page, bytes: Uint8Array, count: number, decoding: Decoding<T>): (T | null)[] {
  const { column, url, dictionary, toValue } = decoding;
  if (page.encoding === 0) return plainValues(bytes, column.type, count, place(url, page)).map(toValue);
  if (page.encoding !== 2 && page.encoding !== 8) {
    const what = `encoding ${page.encoding} of column "${column.name}" of a Parquet file`;
    throw formatUnsupported(url, page.offset, what, 'write the file again with plain or dictionary encoding');
  }
  const width = bytes[0];
  if (dictionary === undefined || !(width <= 32))
    throw formatCorrupt(url, page.offset, 'a dictionary, and indices of at most 32 bits', `${width} bits`);
  const indices = decodeRuns(bytes.subarray(1), width, count, place(url, page));
  return dictionary.valuesOf(indices, place(url, page));
}

/** Offsets in messages are that of the page: what is in it may be packed. */
function place(url: string, { offset }: Page): { url: string; base: number } {
  return { url, base: offset };
}
