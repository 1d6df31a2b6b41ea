import type { HyperslabError } from '@hyperslab/errors';

/** A run of bytes of an object. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** Which state of an object is meant. The same fields as `ObjectVersion` of array.proto. */
export interface ObjectVersion {
  /** Length in bytes; 0 is not known where an entity tag or `unmodifiedSinceUs` is there. */
  size: number;
  /** Entity tag of S3 or HTTP; empty when the store has none. */
  etag: string;
  /** Time of last modification, microseconds since 1970; 0 when unknown. */
  modifiedUs: number;
  /** It was not modified after this time, microseconds since 1970: all that references of others may know of it. */
  unmodifiedSinceUs?: number | undefined;
}

/** A state, and what a store knows of it beyond what reads compare. */
export interface ObjectState extends ObjectVersion {
  /**
   * Of a file. Reads don't compare it, since it changes with permissions and names, too: it tells files apart that were
   * replaced by others of the same size and time of modification, as by `rsync --times` or `cp --preserve`.
   */
  file?: FileState | undefined;
  /** How far the clock that tells `modifiedUs` is ahead of ours, milliseconds, where the store tells and it is more than two seconds. */
  clockAheadMs?: number | undefined;
}

/** Which file is meant, and when anything about it changed. */
interface FileState {
  /** Time of last change of content, name or permissions, microseconds since 1970. Nobody can set it. */
  changedUs: number;
  /** Its number on its device, decimal. */
  inode: string;
}

export interface ReadOptions {
  /** Ends the read, and its requests, when nobody wants it any more. */
  signal?: AbortSignal;
  /** The state that was indexed. Another one is an OBJECT_CHANGED error, never other bytes. */
  expect?: ObjectVersion;
  /** Told of each request that the store answered. */
  onRequest?: (request: StorageRequest) => void;
  /** Where bytes are put by a store that needs memory for them; nothing is written there any more once the read has settled. */
  allocate?: (length: number) => Uint8Array;
}

/** A request to a store, and the bytes that it brought. */
export interface StorageRequest extends ByteRange {
  /** When it was made, by `performance.now()`. */
  startedMs: number;
}

/** The beginning of an object. */
export interface ObjectHead {
  /** The state that the bytes are of. */
  version: ObjectState;
  bytes: Uint8Array;
}

/** One object, read by ranges. */
export interface ByteSource {
  readonly url: string;
  /** Its state now. Throws OBJECT_NOT_FOUND, ACCESS_DENIED, STORAGE_UNAVAILABLE. */
  stat(signal?: AbortSignal): Promise<ObjectState>;
  /**
   * Exactly the bytes of each range, in the order asked; near ranges are fetched together and share memory, which the
   * caller must not change. Throws SHORT_READ when the object ends before a range does, OBJECT_CHANGED,
   * OBJECT_NOT_FOUND, ACCESS_DENIED, STORAGE_UNAVAILABLE.
   */
  read(ranges: readonly ByteRange[], options?: ReadOptions): Promise<Uint8Array[]>;
  /**
   * The first bytes and their state in one request, for stores that can; undefined when this object's server can't. Use
   * `readHead`, which then asks twice.
   */
  readHead?(length: number, options: Omit<ReadOptions, 'expect'>): Promise<ObjectHead | undefined>;
}

/** An object that a listing found, in the state that the listing tells. */
export interface ListedObject extends ObjectState {
  url: string;
}

export interface ListOptions {
  /** Names that are listed though they begin with a dot: the metadata of a store of many objects. */
  hidden?: readonly string[];
  /** Names that are listed in folders that a glob matches, which stand for a store of many objects. */
  inFolders?: readonly string[];
  /**
   * Told of what matches and can't be listed: links that lead nowhere or in a circle, names that are no UTF-8. Without it the
   * listing fails: what it lacks would be missed by nobody.
   */
  onUnlisted?: (error: HyperslabError) => void;
}

/** Where objects are found and opened. A URL that no operator allowed throws OUTSIDE_ROOTS. */
export interface Storage {
  /** The object at a URL; nothing is read yet. Throws URL_INVALID, OUTSIDE_ROOTS. */
  open(url: string): ByteSource;
  /**
   * Objects that a URL, glob or prefix (ending in a slash) stands for, in order of URL, as a stream. Hidden ones (names
   * that begin with a dot) are left out unless they are named here or in the pattern. Throws OBJECT_NOT_FOUND when there are none, and for a link that leads nowhere;
   * URL_INVALID for a name that no URL can have.
   */
  list(pattern: string, signal?: AbortSignal, options?: ListOptions): AsyncIterable<ListedObject>;
  /** Closes connections and files. Nothing can be read afterwards. */
  close(): Promise<void>;
}

/** Bytes of an object that are not all in memory. */
export interface ObjectContent {
  size: number;
  /** The bytes, in order. What it throws is what a put of it throws, and nothing is put then. */
  parts(): AsyncIterable<Uint8Array>;
}

/** A place of our own for immutable objects: manifests, stored arrays, snapshots. Keys are relative paths. */
export interface ObjectStore {
  readonly url: string;
  /** Makes the object durable before it answers; replaces one of the same key. Throws DISK_FULL among others. */
  put(key: string, content: Uint8Array | ObjectContent, signal?: AbortSignal): Promise<void>;
  /** The object as a source of ranges; its URL is how workers reach it. */
  open(key: string): ByteSource;
  has(key: string, signal?: AbortSignal): Promise<boolean>;
  /** Objects whose key begins with a prefix, in order of key. There may be none. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<ListedObject>;
  /** Removes the object; nothing happens when there is none. */
  delete(key: string, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
