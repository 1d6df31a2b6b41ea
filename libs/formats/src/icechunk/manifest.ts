import { zstdDecompressSync } from 'node:zlib';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { mostDimensions } from '../zarr/metadata-fields.ts';
import type { FlatTable } from './flat-table.ts';
import { openMetadataFile } from './metadata-file.ts';
import { objectName } from './object-id.ts';

/** Where the bytes of a chunk are. */
export type ChunkPayload =
  | { kind: 'inline'; bytes: Uint8Array }
  /** In the object of the store with this name. */
  | { kind: 'native'; name: string; offset: number; length: number }
  /** In an object that is no part of the store. */
  | { kind: 'virtual'; location: string; offset: number; length: number; checksum: Checksum };

/** What is known of the state of an object with virtual chunks; empty and 0 where nothing is. */
export interface Checksum {
  etag: string;
  /** Seconds since 1970, after which it was not modified. */
  lastModified: number;
}

/** A chunk of an array. */
export interface ManifestChunk {
  /** Indices in the grid of chunks. */
  place: number[];
  payload: ChunkPayload;
}

/** Longer than URLs are; the reference implementation compresses only shorter ones than 1024 bytes. */
const longestLocation = 8192;

/** Longer than entity tags are. */
const longestTag = 1024;

const dictionaryCompression = 1;

/** Each location takes the whole dictionary to be unpacked; writers make it of some kilobytes. */
const longestDictionary = 1024 * 1024;

/** As many as a snapshot may have nodes. */
const mostArrays = 256 * 1024;

/**
 * A manifest file (specification 2.1, "Chunk Manifest Files"; `manifest.fbs`, in version 1 without compressed locations).
 * Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED.
 */
export class Manifest {
  /** Length of its content, decompressed. */
  readonly bytes: number;
  readonly #url: string;
  readonly #root: FlatTable;
  readonly #arrays = new Map<string, FlatTable>();
  /** By their compressed bytes: chunks of one object have the same. */
  readonly #locations = new Map<string, string>();
  #inlineLeft: number;

  constructor(bytes: Uint8Array, url: string) {
    const file = openMetadataFile(bytes, url, 'manifest');
    this.bytes = file.bytes;
    this.#url = url;
    this.#root = file.root;
    // Chunks of a damaged manifest may all have the same large bytes.
    this.#inlineLeft = file.bytes;
    for (const array of file.root.tables(1)) {
      const id = array.required(array.struct(0, 8), 'node_id');
      const name = Buffer.from(id).toString('hex');
      if (this.#arrays.has(name)) throw array.corrupt(`one array with the id ${name}`, 'two');
      if (this.#arrays.size === mostArrays) throw array.corrupt(`at most ${mostArrays} arrays`, 'more');
      this.#arrays.set(name, array);
    }
  }

  /** Chunks of an array of `rank` dimensions, in row-major order. */
  *chunksOf(nodeId: string, rank: number): Generator<ManifestChunk> {
    const array = this.#arrays.get(nodeId);
    if (array === undefined) return;
    let before: number[] | undefined;
    for (const reference of array.tables(1)) {
      const place = reference.required(reference.uint32s(0, mostDimensions), 'index');
      if (place.length !== rank)
        throw reference.corrupt(`a chunk with ${rank} indices`, `${place.length} indices`);
      if (before !== undefined && !isBefore(before, place))
        throw reference.corrupt(`a chunk after [${before}]`, `one at [${place}]`);
      before = place;
      yield { place, payload: this.#payloadOf(reference) };
    }
  }

  #payloadOf(reference: FlatTable): ChunkPayload {
    const inline = reference.bytes(1);
    if (inline !== undefined) {
      this.#inlineLeft -= inline.length;
      if (this.#inlineLeft < 0) throw reference.corrupt(`chunks of at most ${this.bytes} bytes`, 'more');
      return { kind: 'inline', bytes: inline };
    }
    const range = { offset: reference.uint64(2), length: reference.uint64(3) };
    if (!Number.isSafeInteger(range.offset + range.length))
      throw reference.corrupt('a chunk that ends before byte 2^53', 'another one');
    const id = reference.struct(4, 12);
    if (id !== undefined) return { kind: 'native', name: objectName(id), ...range };
    const location = this.#locationOf(reference);
    const checksum = { etag: reference.text(6, longestTag) ?? '', lastModified: reference.uint32(7) };
    return { kind: 'virtual', location, ...range, checksum };
  }

  #locationOf(reference: FlatTable): string {
    const compressed = reference.bytes(8);
    const plain = compressed === undefined ? reference.bytes(5) : undefined;
    const stored = reference.required(compressed ?? plain, 'location');
    if (stored.length > longestLocation)
      throw reference.corrupt(`a location of at most ${longestLocation} bytes`, `${stored.length} bytes`);
    if (plain !== undefined) return reference.text(5)!;
    const key = Buffer.from(stored).toString('latin1');
    let location = this.#locations.get(key);
    if (location === undefined) {
      location = this.#decompress(stored);
      this.#locations.set(key, location);
    }
    return location;
  }

  #decompress(compressed: Uint8Array): string {
    const algorithm = this.#root.uint8(3, dictionaryCompression);
    if (algorithm !== dictionaryCompression) {
      const what = `compression ${algorithm} of the locations of virtual chunks`;
      throw formatUnsupported(this.#url, 0, what, 'write the store without it');
    }
    const dictionary = this.#root.required(this.#root.bytes(2), 'location_dictionary');
    if (dictionary.length > longestDictionary) {
      const what = `a dictionary of locations of more than ${longestDictionary} bytes`;
      throw formatUnsupported(this.#url, 0, what, 'write the store with a smaller one');
    }
    try {
      const bytes = zstdDecompressSync(compressed, { dictionary, maxOutputLength: longestLocation });
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      const found = (cause as Error).message;
      throw formatCorrupt(this.#url, 0, 'a compressed location of a virtual chunk', found, cause);
    }
  }
}

/** Whether a place comes before another one in row-major order. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const axis = a.findIndex((index, i) => index !== b[i]);
  return axis >= 0 && a[axis] < b[axis];
}
