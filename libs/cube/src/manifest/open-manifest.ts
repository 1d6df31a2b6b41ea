import { zstdDecompressSync } from 'node:zlib';
import type { IndexRange } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { ChunkPage, ManifestRoot, ObjectPage, type PageRef, PiecePage } from '@hyperslab/proto/manifest';
import { type ByteSource, type ObjectVersion, SharedCache } from '@hyperslab/storage';
import { rootFault } from './check-root.ts';
import { locatePieces } from './locate.ts';
import type { LocatedPiece } from './located-piece.ts';
import { header, magic, manifestCorrupt, tailBytes } from './manifest-layout.ts';

/** An open manifest: pages are fetched as they are needed. */
export interface Manifest {
  /** The object itself, in which pieces of "manifest:" lie. */
  readonly source: ByteSource;
  /** Shapes of the arrays, by their number. */
  readonly shapes: readonly (readonly number[])[];
  /**
   * The pieces of an array that a selection touches, in row-major order, with the chunks that it touches. `ranges` has
   * one range for each dimension and lies within the shape. Throws RangeError otherwise, FORMAT_CORRUPT for a damaged
   * manifest, and what the source throws.
   */
  locate(array: number, ranges: readonly IndexRange[], signal?: AbortSignal): AsyncIterable<LocatedPiece>;
}

/** Pages of a manifest, decoded and checked, for `locatePieces`. */
export interface ManifestPages {
  url: string;
  root: ManifestRoot;
  objects(page: number, signal?: AbortSignal): Promise<DecodedObjects>;
  pieces(array: number, page: number, signal?: AbortSignal): Promise<PiecePage>;
  chunks(array: number, page: number, signal?: AbortSignal): Promise<DecodedChunks>;
}

interface DecodedObjects {
  urls: string[];
  versions: ObjectVersion[];
}

interface DecodedChunks {
  offsets: Float64Array;
  lengths: number[];
  skippedCodecs: number[];
  /** Number of each chunk's object plus one, 0 for the piece's; empty when that is so for all. */
  objects: number[];
}

// Enough for the tail of all but the largest manifests: one request opens them.
const tailGuessBytes = 64 * 1024;
/** A page of 65,536 rows takes less than 1 MiB decoded; object pages with their URLs some more. */
const largestPageBytes = 64 * 1024 * 1024;
const largestRootBytes = 256 * 1024 * 1024;
/** Decoded pages that are kept: a selection touches chunks in order, so it uses the same page again and again. */
const cachedPages = 32;

/** Reads the tail of a manifest object. Throws FORMAT_CORRUPT when it is none, and what the source throws. */
export async function openManifest(source: ByteSource, signal?: AbortSignal): Promise<Manifest> {
  const version = await source.stat(signal);
  const { url } = source;
  if (version.size < header.length + tailBytes) {
    throw manifestCorrupt(url, 0, 'a manifest', `an object of ${version.size} bytes`);
  }
  const read = async (offset: number, length: number, abort?: AbortSignal) =>
    (await source.read([{ offset, length }], { signal: abort, expect: version }))[0];
  const root = await readRoot(url, version.size, read, signal);
  const pages = manifestPages(url, root, read);
  return {
    source,
    shapes: root.arrays.map((array) => array.shape),
    locate: (array, ranges, abort) => locatePieces(pages, array, ranges, abort),
  };
}

type Read = (offset: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>;

async function readRoot(url: string, size: number, read: Read, signal?: AbortSignal): Promise<ManifestRoot> {
  const guess = Math.min(size, tailGuessBytes);
  const tail = await read(size - guess, guess, signal);
  const end = size - tailBytes;
  const found = tail.subarray(tail.length - magic.length);
  if (Buffer.compare(found, magic) !== 0) {
    throw manifestCorrupt(url, size - magic.length, 'the magic HSLM', Buffer.from(found).toString('hex'));
  }
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  const length = view.getUint32(tail.length - tailBytes, true);
  if (length > end - header.length) throw manifestCorrupt(url, end, 'the length of the root', `${length}`);
  const start = end - length;
  const stored =
    length + tailBytes <= guess
      ? tail.subarray(tail.length - tailBytes - length, tail.length - tailBytes)
      : await read(start, length, signal);
  const root = decoded(url, start, stored, largestRootBytes, ManifestRoot);
  const fault = rootFault(root, start);
  if (fault !== undefined) throw manifestCorrupt(url, start, fault.expected, fault.found);
  return root;
}

function manifestPages(url: string, root: ManifestRoot, read: Read): ManifestPages {
  const cache = new SharedCache<unknown>({ most: cachedPages });
  const page = <T, U>(
    key: string,
    ref: PageRef,
    codec: Codec<T>,
    check: (page: T) => U,
    signal?: AbortSignal,
  ) => {
    const fetch = async (shared: AbortSignal) =>
      check(decoded(url, ref.offset, await read(ref.offset, ref.length, shared), largestPageBytes, codec));
    return cache.get(key, fetch, signal) as Promise<U>;
  };
  const fail = (ref: PageRef, expected: string, found: string): never => {
    throw manifestCorrupt(url, ref.offset, expected, found);
  };
  const hasRows = (ref: PageRef, columns: readonly unknown[][]) => {
    const short = columns.find((column) => column.length !== ref.rows);
    if (short !== undefined) fail(ref, `${ref.rows} rows`, `${short.length}`);
  };
  return {
    url,
    root,
    objects(number, signal) {
      const ref = root.objectPages[number];
      return page(
        `objects ${number}`,
        ref,
        ObjectPage,
        (rows) => {
          hasRows(ref, [rows.urlSuffixes, rows.urlPrefixLengths, rows.versions]);
          return { urls: urlsOf(rows), versions: rows.versions.map(knownOf) };
        },
        signal,
      );
    },
    pieces(array, number, signal) {
      const ref = root.arrays[array].piecePages[number];
      return page(
        `pieces ${array} ${number}`,
        ref,
        PiecePage,
        (rows) => {
          hasRows(ref, [rows.objects, rows.layouts, rows.packings, rows.firstChunks]);
          return rows;
        },
        signal,
      );
    },
    chunks(array, number, signal) {
      const ref = root.arrays[array].chunkPages[number];
      return page(
        `chunks ${array} ${number}`,
        ref,
        ChunkPage,
        (rows) => {
          hasRows(ref, [rows.offsetDeltas, rows.lengths]);
          if (rows.skippedCodecs.length > 0) hasRows(ref, [rows.skippedCodecs]);
          const offsets = offsetsOf(rows);
          if (offsets.some((offset) => offset < 0 || !Number.isSafeInteger(offset)))
            fail(ref, 'offsets within an object', 'others');
          if (rows.objectDeltas.length > 0) hasRows(ref, [rows.objectDeltas]);
          const objects = runningSums(rows.objectDeltas);
          if (objects.some((object) => object < 0)) fail(ref, 'numbers of objects', 'others');
          return { offsets, lengths: rows.lengths, skippedCodecs: rows.skippedCodecs, objects };
        },
        signal,
      );
    },
  };
}

interface Codec<T> {
  decode(bytes: Uint8Array): T;
}

function decoded<T>(url: string, offset: number, stored: Uint8Array, limit: number, codec: Codec<T>): T {
  try {
    return codec.decode(zstdDecompressSync(stored, { maxOutputLength: limit }));
  } catch (error) {
    if (error instanceof HyperslabError) throw error;
    throw manifestCorrupt(url, offset, 'a zstd frame of a page', (error as Error).message, error);
  }
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
