import type { IndexRange } from '@hyperslab/array';
import { ManifestRoot } from '@hyperslab/proto/manifest';
import type { ByteSource } from '@hyperslab/storage';
import { rootFault } from './check-root.ts';
import { decodeFrame } from './decode-page.ts';
import { locateAtHand, locatePieces } from './locate.ts';
import type { LocatedPiece } from './located-piece.ts';
import { header, magic, manifestCorrupt, tailBytes } from './manifest-layout.ts';
import { manifestPages, type ReadManifest } from './manifest-pages.ts';

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
  /** The piece that a selection touches, if that is one and nothing must be fetched to tell: what most tiles of a computation are. */
  locateAtHand(array: number, ranges: readonly IndexRange[]): LocatedPiece | undefined;
}

// Enough for the tail of all but the largest manifests: one request opens them.
const tailGuessBytes = 64 * 1024;
const largestRootBytes = 256 * 1024 * 1024;

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
    locateAtHand: (array, ranges) => locateAtHand(pages, array, ranges),
  };
}

async function readRoot(
  url: string,
  size: number,
  read: ReadManifest,
  signal?: AbortSignal,
): Promise<ManifestRoot> {
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
  const root = decodeFrame(url, start, stored, largestRootBytes, ManifestRoot);
  const fault = rootFault(root, start);
  if (fault !== undefined) throw manifestCorrupt(url, start, fault.expected, fault.found);
  return root;
}
