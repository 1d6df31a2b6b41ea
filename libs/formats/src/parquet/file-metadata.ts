import { ByteCursor } from '../byte-cursor.ts';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { readStruct } from './thrift.ts';
import { ThriftFields } from './thrift-fields.ts';

/** Bytes behind the metadata of a file: their length, and the magic. */
export const trailerBytes = 8;

/** Where a column of a row group lies, and how. Numbers of types and codecs are those of parquet.thrift. */
export interface ColumnChunk {
  name: string;
  type: number;
  codec: number;
  /** It may hold nulls: definition levels of one bit stand before the values. */
  isOptional: boolean;
  offset: number;
  length: number;
}

export interface RowGroup {
  rows: number;
  /** By name; columns within others are left out. */
  columns: Map<string, ColumnChunk>;
}

const magic = 'PAR1';

/** Length of the metadata that end where the trailer begins, from the trailer. Throws FORMAT_CORRUPT. */
export function metadataLength(trailer: Uint8Array, url: string, size: number): number {
  const cursor = new ByteCursor(trailer, { url, base: size - trailer.length });
  const length = cursor.uint32();
  const found = Buffer.from(cursor.bytes(4)).toString('latin1');
  if (found !== magic)
    throw formatCorrupt(url, size - 4, `${magic} at the end of a Parquet file`, JSON.stringify(found));
  if (length + trailerBytes + 4 > size)
    throw formatCorrupt(url, size - 8, `metadata within ${size} bytes`, `${length} bytes of them`);
  return length;
}

/**
 * Row groups of a Parquet file from its metadata (apache/parquet-format, parquet.thrift, "FileMetaData"), which begin at `base` of
 * `size` bytes. Throws FORMAT_CORRUPT and FORMAT_UNSUPPORTED.
 */
export function parseFileMetadata(bytes: Uint8Array, url: string, base: number, size: number): RowGroup[] {
  const cursor = new ByteCursor(bytes, { url, base });
  const file = new ThriftFields(readStruct(cursor), cursor, 'the metadata of the Parquet file');
  const schema = topLevelColumns(file.structs(2, 'schema'));
  const groups = file.structs(4, 'row groups').map((group) => {
    const rows = group.count(3, 'num_rows');
    const columns = new Map<string, ColumnChunk>();
    for (const column of group.structs(1, 'columns')) {
      if (column.has(8) || file.has(8) || !column.has(3)) throw unreadable(url, base, 'an encrypted column');
      if (column.has(1)) throw unreadable(url, base, 'a column in another file');
      const fields = column.struct(3, 'the metadata of a column');
      const path = fields.texts(3, 'a path');
      const isOptional = path.length === 1 ? schema.get(path[0]) : undefined;
      if (isOptional === undefined) continue;
      const values = fields.count(5, 'num_values');
      if (values !== rows) throw fields.corrupt(`num_values ${rows}, as many as rows,`, String(values));
      const dataOffset = fields.count(9, 'data_page_offset');
      // Some writers give 0 where there is none.
      const offset = Math.min(fields.count(11, 'dictionary_page_offset', 0) || dataOffset, dataOffset);
      const length = fields.count(7, 'total_compressed_size');
      if (offset + length > size)
        throw fields.corrupt(`bytes within ${size}`, `bytes ${offset} to ${offset + length}`);
      const [type, codec] = [fields.count(1, 'type'), fields.count(4, 'codec')];
      columns.set(path[0], { name: path[0], type, codec, isOptional, offset, length });
    }
    return { rows, columns };
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const stated = file.count(3, 'num_rows');
  if (rows !== stated) throw file.corrupt(`num_rows ${rows}, those of its row groups,`, String(stated));
  return groups;
}

/** Whether each column that lies in no other may hold nulls. */
function topLevelColumns(schema: readonly ThriftFields[]): Map<string, boolean> {
  const columns = new Map<string, boolean>();
  // Elements that are still to come before the one that is looked at is at the top again.
  let within = 0;
  for (const element of schema.slice(1)) {
    const children = element.count(5, 'num_children', 0);
    const repetition = element.count(3, 'repetition_type', 0);
    if (within > 0) within += children - 1;
    else if (children > 0) within = children;
    else if (repetition < 2) columns.set(element.text(4, 'name'), repetition === 1);
  }
  return columns;
}

function unreadable(url: string, offset: number, what: string): Error {
  return formatUnsupported(url, offset, `${what} of a Parquet file`, 'write the file again without it');
}
