import { decodeChunk, packMask } from '@hyperslab/codecs';
import type { IndexRequest } from '../format-reader.ts';
import { stashOf } from './header.ts';
import type { PpField } from './read-fields.ts';
import { isMasked, StorageTable } from './storage.ts';
import type { WordFormat } from './word-format.ts';

/** Where land is, for fields that hold land or sea points only: as `packMask` of the codecs writes it. */
export interface LandMask {
  shape: [rows: number, columns: number];
  land: string;
  sea: string;
}

/** STASH code of the land/sea mask: 1 over land. */
const maskStash = 'm01s00i030';

/**
 * Reads the land/sea mask of a file, the first one that it has, when fields of it need one; these are decoded with no
 * further request then. Undefined when none needs it, or there is none that can be decoded. Throws FORMAT_CORRUPT and what the
 * source throws.
 */
export async function readLandMask(
  { source, version, signal }: IndexRequest,
  fields: readonly PpField[],
  words: WordFormat,
): Promise<LandMask | undefined> {
  if (!fields.some(({ header }) => isMasked(header))) return undefined;
  const field = fields.find(({ header }) => stashOf(header) === maskStash && !isMasked(header));
  const storage = field && new StorageTable(words, undefined).of(field);
  if (field === undefined || storage === undefined || storage.notComputable !== '') return undefined;
  const range = { offset: field.offset, length: storage.length };
  const [bytes] = await source.read([range], { signal, expect: version });
  const [rows, columns] = storage.shape;
  const values = Array.from(decodeChunk(bytes, storage.layout, rows * columns, 0), Number);
  // A point that is neither would be filled from its neighbour's value.
  if (values.some((value) => Number.isNaN(value) || value === field.header.bmdi)) return undefined;
  return {
    shape: storage.shape,
    land: packMask(values.map((value) => value !== 0)),
    sea: packMask(values.map((value) => value === 0)),
  };
}
