import { crc32 } from 'node:zlib';
import { decodeLz4Block, decodeSnappy, findCodec } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { ByteCursor } from '../byte-cursor.ts';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { ColumnChunk } from './file-metadata.ts';
import type { ReadBudget } from './read-budget.ts';
import { readStruct } from './thrift.ts';
import { ThriftFields } from './thrift-fields.ts';

/** A page of a column, unpacked. Its version, where there are two, makes no difference beyond. */
export interface Page {
  kind: 'data' | 'dictionary';
  /** Values and nulls. */
  values: number;
  /** Number of the encoding of its values (parquet.thrift, "Encoding"). */
  encoding: number;
  /** Definition levels; undefined where the column holds no nulls, or where they begin the values with their length. */
  levels: Uint8Array | undefined;
  /** Values, and before them levels in the first version of data pages. */
  bytes: Uint8Array;
  /** Offset of the page in the file, for messages. */
  offset: number;
}

const codecs: Record<number, (bytes: Uint8Array, length: number) => Uint8Array> = {
  0: (bytes) => bytes,
  1: (bytes, length) => into(bytes, length, 64, decodeSnappy),
  2: (bytes, length) => findCodec('gzip').decode(bytes, {}, length),
  6: (bytes, length) => findCodec('zstd').decode(bytes, {}, length),
  7: (bytes, length) => into(bytes, length, 255, decodeLz4Block),
};

/** Takes memory only where so many bytes can come out: `ratio` is the most that one stored byte stands for. */
function into(
  bytes: Uint8Array,
  length: number,
  ratio: number,
  decode: (codec: string, bytes: Uint8Array, out: Uint8Array) => void,
): Uint8Array {
  const out = new Uint8Array(Math.min(length, bytes.length * ratio));
  decode('parquet', bytes, out);
  return out;
}

/**
 * Reads the next page of a column (parquet.thrift, "PageHeader"). Undefined for a page of another kind. `unpacked` is what bytes
 * of pages may take. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH, FORMAT_UNSUPPORTED, TOO_LARGE.
 */
export function readPage(
  cursor: ByteCursor,
  { codec, isOptional }: ColumnChunk,
  unpacked: ReadBudget,
): Page | undefined {
  const { url, offset } = cursor;
  const header = new ThriftFields(readStruct(cursor), cursor, 'the header of a page');
  const type = header.count(1, 'type');
  const bytes = header.count(2, 'uncompressed_page_size');
  const stored = cursor.bytes(header.count(3, 'compressed_page_size'));
  checkSum(header, stored, url, offset);
  unpacked.take(bytes);
  if (type === 0 || type === 2) {
    const isData = type === 0;
    const fields = header.struct(isData ? 5 : 7, 'the header of a page');
    if (isData && isOptional && fields.count(3, 'definition_level_encoding') !== 3)
      throw formatUnsupported(url, offset, 'a page whose levels are not in runs', 'write the file again');
    return {
      kind: isData ? 'data' : 'dictionary',
      values: fields.count(1, 'num_values'),
      encoding: fields.count(2, 'encoding'),
      levels: undefined,
      bytes: unpackPage(codec, stored, bytes, url, offset),
      offset,
    };
  }
  if (type !== 3) return undefined;
  const fields = header.struct(8, 'the header of a page');
  const levelBytes = fields.count(5, 'definition_levels_byte_length');
  const before = fields.count(6, 'repetition_levels_byte_length') + levelBytes;
  if (before > Math.min(stored.length, bytes))
    throw fields.corrupt(`levels within ${stored.length} bytes`, String(before));
  const values = stored.subarray(before);
  const isPacked = !fields.isFalse(7) && bytes > before;
  return {
    kind: 'data',
    values: fields.count(1, 'num_values'),
    encoding: fields.count(4, 'encoding'),
    levels: stored.subarray(before - levelBytes, before),
    bytes: isPacked ? unpackPage(codec, values, bytes - before, url, offset) : values,
    offset,
  };
}

function unpackPage(
  codec: number,
  stored: Uint8Array,
  length: number,
  url: string,
  offset: number,
): Uint8Array {
  const decode = codecs[codec];
  if (decode === undefined) {
    const advice = 'write the file again with zstd, gzip, snappy or none';
    throw formatUnsupported(url, offset, `compression ${codec} of a Parquet file`, advice);
  }
  let bytes: Uint8Array;
  try {
    bytes = decode(stored, length);
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    const details = { ...error.details, url, offset: String(offset) };
    throw new HyperslabError(error.reason, `${url} at byte ${offset}: ${error.message}`, details, error);
  }
  if (bytes.length !== length)
    throw formatCorrupt(url, offset, `a page of ${length} bytes`, `${bytes.length} bytes`);
  return bytes;
}

function checkSum(header: ThriftFields, stored: Uint8Array, url: string, offset: number): void {
  const expected = header.number(4);
  if (expected === undefined || expected >>> 0 === crc32(stored)) return;
  throw new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${url} at byte ${offset}: expected checksum ${expected >>> 0} of a page, found ${crc32(stored)}; copy or write the file again`,
    { url, offset: String(offset) },
  );
}
