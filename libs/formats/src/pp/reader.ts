import type { Attribute } from '@hyperslab/proto/array';
import type { FileIndex } from '@hyperslab/proto/index';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { HeldPlaces } from '../held-places.ts';
import { textAttributes } from './attributes.ts';
import { fieldsfileWords } from './fieldsfile.ts';
import { GridTable } from './grid-table.ts';
import { readLandMask } from './land-mask.ts';
import { type PpField, readFields } from './read-fields.ts';
import { readLookup } from './read-lookup.ts';
import { StorageTable } from './storage.ts';
import { wordFormatOf } from './word-format.ts';

/** Last digits of LBSRCE in files of the Unified Model. */
const unifiedModel = 1111;

/**
 * PP files of the Met Office: a sequence of fields, in either byte order and of words of 32 or 64 bits. The files that the
 * Unified Model itself writes (fieldsfiles, dumps, ancillaries) have the same headers in a table and are read alike.
 */
export const ppReader: FormatReader = {
  name: 'pp',
  recognise: (head) => wordFormatOf(head) !== undefined || fieldsfileWords(head) !== undefined,
  index,
};

async function index(request: IndexRequest): Promise<FileIndex> {
  const { source, version, head } = request;
  const records = wordFormatOf(head);
  const words = records ?? fieldsfileWords(head)!;
  const fields = await (records === undefined ? readLookup(request, words) : readFields(request, words));
  const storages = new StorageTable(words, await readLandMask(request, fields, words));
  const table = new GridTable(source.url, words);
  const shapeless: PpField[] = [];
  for (const field of fields) {
    const storage = storages.of(field);
    if (storage === undefined) shapeless.push(field);
    else table.add(field, storage);
  }
  const grids = [...table.grids];
  const places = new HeldPlaces();
  return {
    url: source.url,
    format: 'pp',
    version,
    root: {
      name: '',
      attributes: sourceAttributes(fields),
      dimensions: [],
      variables: [],
      groups: grids.map((grid) => grid.group(places)),
    },
    bytesRead: 0,
    notes: [
      ...leftOut(shapeless),
      ...grids.flatMap(({ grid }) => grid.notes.map((note) => `grid ${grid.name}: ${note}`)),
    ],
    ...places.others(),
  };
}

/** A note on fields that are not in the index, as their headers tell no shape. */
function leftOut(fields: readonly PpField[]): string[] {
  if (fields.length === 0) return [];
  const [{ header, offset }] = fields;
  const more = fields.length === 1 ? '' : ` and ${fields.length - 1} more`;
  return [`the field at byte ${offset}${more} was left out: its shape is ${header.lbrow} × ${header.lbnpt}`];
}

/** What made the file, where all its fields say the same: the model and its version, by LBSRCE. */
function sourceAttributes(fields: readonly PpField[]): Attribute[] {
  const sources = new Set(fields.map(({ header }) => header.lbsrce));
  const [lbsrce] = sources;
  if (sources.size > 1 || lbsrce % 10_000 !== unifiedModel) return [];
  const version = Math.floor(lbsrce / 10_000);
  const text = version < 100 ? undefined : `${Math.floor(version / 100)}.${version % 100}`;
  return textAttributes({ source: 'Data from Met Office Unified Model', um_version: text });
}
