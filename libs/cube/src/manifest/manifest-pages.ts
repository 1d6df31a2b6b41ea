import type { ManifestRoot, PageRef, PiecePage } from '@hyperslab/proto/manifest';
import { SharedCache } from '@hyperslab/storage';
import {
  type DecodedChunks,
  type DecodedObjects,
  type DecodePage,
  decodeChunks,
  decodeObjects,
  decodePieces,
} from './decode-page.ts';

export type AnyPage = DecodedObjects | PiecePage | DecodedChunks;

/** A page, decoded and checked: at hand, or to be fetched. */
export interface PageFound<T extends AnyPage> {
  content: T | undefined;
  fetch(signal?: AbortSignal): Promise<T>;
}

/** Pages of a manifest, for `locatePieces`. */
export interface ManifestPages {
  url: string;
  root: ManifestRoot;
  objects(page: number): PageFound<DecodedObjects>;
  pieces(array: number, page: number): PageFound<PiecePage>;
  chunks(array: number, page: number): PageFound<DecodedChunks>;
}

/** Reads bytes of a manifest object. */
export type ReadManifest = (offset: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>;

/** Decoded pages that are kept: a selection touches chunks in order, so it uses the same page again and again. */
const cachedPages = 32;

/** Pages that are fetched as they are needed, some of them kept. */
export function manifestPages(url: string, root: ManifestRoot, read: ReadManifest): ManifestPages {
  const cache = new SharedCache<AnyPage>({ most: cachedPages });
  const page = <T extends AnyPage>(key: string, ref: PageRef, decode: DecodePage<T>): PageFound<T> => ({
    content: cache.known(key) as T | undefined,
    fetch(signal) {
      const fetch = async (shared: AbortSignal) =>
        decode(url, ref, await read(ref.offset, ref.length, shared));
      return cache.get(key, fetch, signal) as Promise<T>;
    },
  });
  return {
    url,
    root,
    objects: (number) => page(`objects ${number}`, root.objectPages[number], decodeObjects),
    pieces: (array, number) =>
      page(`pieces ${array} ${number}`, root.arrays[array].piecePages[number], decodePieces),
    chunks: (array, number) =>
      page(`chunks ${array} ${number}`, root.arrays[array].chunkPages[number], decodeChunks),
  };
}
