import type { FileIndex } from '@hyperslab/proto/index';
import type { ByteSource, ObjectVersion, Storage } from '@hyperslab/storage';
import type { GatheredBytes } from './grib/gathered-bytes.ts';

/** What a reader is given: the object, which state of it, and what is known of its beginning. */
export interface IndexRequest {
  source: ByteSource;
  version: ObjectVersion;
  /** The first bytes of the object: up to 64 KiB, already fetched to recognise the format. */
  head: Uint8Array;
  /** Where a store of many objects finds the others, within the roots; absent when only this object may be read. */
  storage?: Storage;
  signal?: AbortSignal;
  /** What was gathered of a large file before; what a reader asks for beside it is noted there. */
  gathered?: GatheredBytes;
}

/**
 * A format: it turns bytes at ranges into an index (groups, variables, attributes, where chunks lie) and knows nothing
 * of cubes. Throws FORMAT_CORRUPT or FORMAT_UNSUPPORTED, naming file, offset, and what was expected there.
 */
export interface FormatReader {
  readonly name: string;
  /** Whether the content begins as this format does. */
  recognise(head: Uint8Array): boolean;
  /** Set where other objects, if it reads any, only tell what to fetch early: what it finds is of this object alone. */
  readonly readsOnlyHints?: boolean;
  index(request: IndexRequest): Promise<FileIndex>;
  /**
   * Reads what indexing will ask for of what begins from one offset up to another, into `gathered`, for formats in which that takes many
   * requests one after another. What is wrong there is left for indexing to tell.
   */
  gather?(request: IndexRequest & { gathered: GatheredBytes }, from: number, to: number): Promise<void>;
}
