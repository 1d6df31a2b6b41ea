import { isHyperslabError } from '@hyperslab/errors';
import type { ByteSource, Storage } from '@hyperslab/storage';
import { ObjectTable } from '../zarr/key-store.ts';
import { siblingUrls } from './sibling-urls.ts';

/** An object that a file names, and its number in the index. */
export interface OtherFile {
  source: ByteSource;
  /** Number among the index's other objects, plus one. */
  object: number;
  version: { size: number; etag: string; modifiedUs: number };
}

/** Files that a file names by path: each is looked for once, and listed in the index when it is there. */
export class OtherFiles {
  readonly table = new ObjectTable();
  readonly #url: string;
  readonly #storage: Storage | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #found = new Map<string, Promise<OtherFile | string>>();

  constructor(url: string, storage: Storage | undefined, signal: AbortSignal | undefined) {
    this.#url = url;
    this.#storage = storage;
    this.#signal = signal;
  }

  /** The file, or why it can't be had: it is not there, or not within the roots. */
  find(name: string): Promise<OtherFile | string> {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = this.#find(name);
      this.#found.set(name, found);
    }
    return found;
  }

  async #find(name: string): Promise<OtherFile | string> {
    if (this.#storage === undefined) return `${name} is another file, and only this one may be read`;
    let why = `${name} is not there`;
    for (const url of siblingUrls(this.#url, name)) {
      try {
        const source = this.#storage.open(url);
        const version = await source.stat(this.#signal);
        return { source, version, object: this.table.add(source.url, version) };
      } catch (error) {
        if (isHyperslabError(error, 'OUTSIDE_ROOTS')) why = `${name} is outside of the roots`;
        else if (!isHyperslabError(error, 'OBJECT_NOT_FOUND') && !isHyperslabError(error, 'URL_INVALID'))
          throw error;
      }
    }
    return why;
  }
}
