import { isHyperslabError } from '@hyperslab/errors';
import type { ByteSource, Storage } from '@hyperslab/storage';
import { ObjectTable } from '../zarr/key-store.ts';
import { RowBudget } from './row-budget.ts';
import { siblingUrls } from './sibling-urls.ts';

/** An object that a file names, and its number in the index. */
export interface OtherFile {
  source: ByteSource;
  /** Number among the index's other objects, plus one. */
  object: number;
  version: { size: number; etag: string; modifiedUs: number };
}

/** Why something that a file names can't be had. */
export interface Unavailable {
  why: string;
  /** It is not there; what is there may be damaged, or outside of the roots. */
  isMissing: boolean;
}

/** Chunks of all datasets that virtual ones of a file take from others: these may have four times as many as are taken. */
const mostSourceRows = 16 * 1024 * 1024;

/** Files that a file names by path: each is looked for once, and listed in the index when it is there. */
export class OtherFiles {
  readonly table: ObjectTable;
  /** What the chunk tables of them all may take, and of all that they name. */
  readonly sourceRows: RowBudget;
  readonly #url: string;
  readonly #storage: Storage | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #found = new Map<string, Promise<OtherFile | Unavailable>>();

  constructor(
    url: string,
    storage: Storage | undefined,
    signal: AbortSignal | undefined,
    table = new ObjectTable(),
    sourceRows = new RowBudget(mostSourceRows),
  ) {
    this.table = table;
    this.sourceRows = sourceRows;
    this.#url = url;
    this.#storage = storage;
    this.#signal = signal;
  }

  /** Those that another file names, whose relative names are taken from its own folder; they are listed in the same index. */
  namedBy(url: string): OtherFiles {
    return new OtherFiles(url, this.#storage, this.#signal, this.table, this.sourceRows);
  }

  /** The file, or why it can't be had: it is not there, or not within the roots. */
  find(name: string): Promise<OtherFile | Unavailable> {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = this.#find(name);
      this.#found.set(name, found);
    }
    return found;
  }

  async #find(name: string): Promise<OtherFile | Unavailable> {
    if (this.#storage === undefined) {
      return { why: `${name} is another file, and only this one may be read`, isMissing: false };
    }
    let result = { why: `${name} is not there`, isMissing: true };
    for (const url of siblingUrls(this.#url, name)) {
      try {
        const source = this.#storage.open(url);
        const version = await source.stat(this.#signal);
        return { source, version, object: this.table.add(source.url, version) };
      } catch (error) {
        if (isHyperslabError(error, 'OUTSIDE_ROOTS'))
          result = { why: `${name} is outside of the roots`, isMissing: false };
        else if (!isHyperslabError(error, 'OBJECT_NOT_FOUND') && !isHyperslabError(error, 'URL_INVALID'))
          throw error;
      }
    }
    return result;
  }
}
