import { zstdDecompressSync } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { ChunkPage, ObjectPage, type PageRef, PiecePage } from '@hyperslab/proto/manifest';
import type { ObjectVersion } from '@hyperslab/storage';
import { manifestCorrupt } from './manifest-layout.ts';

export interface DecodedObjects {
  urls: string[];
  versions: ObjectVersion[];
}

export interface DecodedChunks {
  offsets: Float64Array;
  lengths: number[];
  skippedCodecs: number[];
  /** Number of each chunk's object plus one, 0 for the piece's; empty when that is so for all. */
  objects: number[];
}

/** Decodes a page of the manifest at a URL, and checks that it has what the reference to it says. Throws FORMAT_CORRUPT. */
export type DecodePage<T> = (url: string, ref: PageRef, stored: Uint8Array) => T;

/** A page of 65,536 rows takes less than 1 MiB decoded; object pages with their URLs some more. */
const largestPageBytes = 64 * 1024 * 1024;

/** Rows of objects. */
export const decodeObjects: DecodePage<DecodedObjects> = (url, ref, stored) => {
  const rows = decodeFrame(url, ref.offset, stored, largestPageBytes, ObjectPage);
  checkRows(url, ref, [rows.urlSuffixes, rows.urlPrefixLengths, rows.versions]);
  return { urls: urlsOf(rows), versions: rows.versions.map(knownOf) };
};

/** Rows of pieces. */
export const decodePieces: DecodePage<PiecePage> = (url, ref, stored) => {
  const rows = decodeFrame(url, ref.offset, stored, largestPageBytes, PiecePage);
  checkRows(url, ref, [rows.objects, rows.layouts, rows.packings, rows.firstChunks]);
  return rows;
};

/** Rows of chunks. */
export const decodeChunks: DecodePage<DecodedChunks> = (url, ref, stored) => {
  const rows = decodeFrame(url, ref.offset, stored, largestPageBytes, ChunkPage);
  checkRows(url, ref, [rows.offsetDeltas, rows.lengths]);
  if (rows.skippedCodecs.length > 0) checkRows(url, ref, [rows.skippedCodecs]);
  const offsets = offsetsOf(rows);
  if (offsets.some((offset) => offset < 0 || !Number.isSafeInteger(offset)))
    throw manifestCorrupt(url, ref.offset, 'offsets within an object', 'others');
  if (rows.objectDeltas.length > 0) checkRows(url, ref, [rows.objectDeltas]);
  const objects = runningSums(rows.objectDeltas);
  if (objects.some((object) => object < 0))
    throw manifestCorrupt(url, ref.offset, 'numbers of objects', 'others');
  return { offsets, lengths: rows.lengths, skippedCodecs: rows.skippedCodecs, objects };
};

/** A message from a zstd frame of at most so many bytes, decompressed. Throws FORMAT_CORRUPT. */
export function decodeFrame<T>(
  url: string,
  offset: number,
  stored: Uint8Array,
  limit: number,
  codec: { decode(bytes: Uint8Array): T },
): T {
  try {
    return codec.decode(zstdDecompressSync(stored, { maxOutputLength: limit }));
  } catch (error) {
    if (error instanceof HyperslabError) throw error;
    throw manifestCorrupt(url, offset, 'a zstd frame of a page', (error as Error).message, error);
  }
}

function checkRows(url: string, ref: PageRef, columns: readonly unknown[][]): void {
  const short = columns.find((column) => column.length !== ref.rows);
  if (short !== undefined) throw manifestCorrupt(url, ref.offset, `${ref.rows} rows`, `${short.length}`);
}

function urlsOf({ urlSuffixes, urlPrefixLengths }: ObjectPage): string[] {
  let before = '';
  return urlSuffixes.map((suffix, i) => {
    before = before.slice(0, urlPrefixLengths[i]) + suffix;
    return before;
  });
}

function offsetsOf({ offsetDeltas, lengths }: ChunkPage): Float64Array {
  const offsets = new Float64Array(offsetDeltas.length);
  let end = 0;
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = end + offsetDeltas[i];
    end = offsets[i] + lengths[i];
  }
  return offsets;
}

function runningSums(deltas: readonly number[]): number[] {
  let sum = 0;
  return deltas.map((delta) => {
    sum += delta;
    return sum;
  });
}

/** A state without the field that most lack: millions are held, and compared. */
function knownOf({ size, etag, modifiedUs, unmodifiedSinceUs }: ObjectVersion): ObjectVersion {
  return unmodifiedSinceUs === undefined
    ? { size, etag, modifiedUs }
    : { size, etag, modifiedUs, unmodifiedSinceUs };
}
