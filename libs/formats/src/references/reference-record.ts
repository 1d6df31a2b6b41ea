import type { ByteSource, ObjectVersion } from '@hyperslab/storage';
import { formatCorrupt } from '../format-error.ts';
import type { StoredValue } from '../parquet/plain-values.ts';
import { readRows } from '../parquet/read-rows.ts';
import { inlineBytes, type Reference } from './parse-references.ts';

const columns = ['path', 'offset', 'size', 'raw'];

/** What an element of an array takes. */
const slotBytes = 8;

/** A Parquet file of references: those of `rows` chunks in the order of their array. */
export interface ReferenceRecord {
  /** Memory that it takes, about. */
  bytes: number;
  at(row: number): Reference | undefined;
}

/**
 * Reads a file of references (kerchunk, "Parquet storage"; fsspec, LazyReferenceMapper): bytes themselves in "raw", else "path" with
 * "offset" and "size", of which both are 0 or null for a whole object; a row without either stands for a chunk that was never
 * written. There must be at least `needed` rows, and at most `most`. Throws FORMAT_CORRUPT, TOO_LARGE among others.
 */
export async function readReferenceRecord(
  source: ByteSource,
  version: ObjectVersion,
  needed: number,
  most: number,
  signal?: AbortSignal,
): Promise<ReferenceRecord> {
  const { url } = source;
  const texts = new Map<string, string>();
  let bytes = needed * columns.length * slotBytes;
  const toValue = (column: string, value: StoredValue) => {
    if (typeof value === 'number') return numberOf(column, value, url);
    if (column === 'raw') {
      bytes += value.length;
      return value.slice();
    }
    if (column !== 'path') throw formatCorrupt(url, 0, `numbers in column "${column}"`, 'bytes');
    const text = Buffer.from(value).toString();
    // The same path stands in many rows.
    const known = texts.get(text);
    if (known !== undefined) return known;
    bytes += value.length;
    texts.set(text, text);
    return text;
  };
  const { columns: values, rows } = await readRows<string | number | Uint8Array>(source, version, {
    columns,
    toValue,
    wanted: needed,
    signal,
  });
  if (rows < needed || rows > most)
    throw formatCorrupt(url, 0, `${needed} to ${most} references, as the metadata have it`, `${rows}`);
  const [paths, offsets, sizes, raws] = columns.map((name) => values.get(name)!);
  return {
    bytes,
    at(row) {
      const raw = raws[row];
      if (raw instanceof Uint8Array) return { kind: 'inline', bytes: inlineBytes(raw) };
      const path = paths[row];
      if (path === null) return undefined;
      const offset = offsets[row] ?? 0;
      const length = sizes[row] ?? 0;
      const isNumber = typeof offset === 'number' && typeof length === 'number';
      const isWhole = offset === 0 && length === 0;
      const isComplete = (offsets[row] === null) === (sizes[row] === null);
      if (typeof path !== 'string' || path === '' || !isNumber || !isComplete)
        throw formatCorrupt(url, 0, `path, offset and size in row ${row}`, 'others');
      return isWhole ? { kind: 'whole', url: path } : { kind: 'part', url: path, offset, length };
    },
  };
}

/** A whole number; NaN of floats is how pandas says null. */
function numberOf(column: string, value: number, url: string): number | null {
  if (Number.isNaN(value)) return null;
  if (column !== 'offset' && column !== 'size')
    throw formatCorrupt(url, 0, `texts in column "${column}"`, 'numbers');
  if (!Number.isSafeInteger(value) || value < 0)
    throw formatCorrupt(url, 0, `whole numbers in column "${column}"`, String(value));
  return value;
}
