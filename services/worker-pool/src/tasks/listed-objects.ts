import { HyperslabError } from '@hyperslab/errors';
import { zarrRootNames } from '@hyperslab/formats';
import type { ListedObject } from '@hyperslab/storage';
import { splitUrl, withoutStoreParts } from './store-roots.ts';

/** What one publish may take in: a worker holds what it knows of them all at once, about a kilobyte each. */
const mostObjects = 1_000_000;

/**
 * The objects of a publish as they are listed, each once, without the parts of stores. Those that follow the metadata of their
 * store in the listing, as in Zarr v2, are dropped at once, so that there may be any number of them.
 */
export class ListedObjects {
  readonly #most: number;
  readonly #found = new Map<string, ListedObject>();
  /** Folders of which metadata of Zarr were listed. */
  readonly #roots = new Set<string>();
  /** Parts of stores that were asked for. */
  readonly #wanted = new Set<string>();

  constructor(most = mostObjects) {
    this.#most = most;
  }

  /** `isWanted`: also where it is part of a store. Throws TOO_LARGE when there are more than can be published at once. */
  add(object: ListedObject, isWanted = false): void {
    if (isWanted) this.#wanted.add(object.url);
    const [folder, name] = splitUrl(object.url);
    const isRoot = zarrRootNames.includes(name);
    if (!isWanted && this.#roots.size > 0 && this.#isWithin(isRoot ? folder.slice(0, -1) : object.url))
      return;
    if (isRoot) this.#roots.add(folder);
    if (this.#found.has(object.url)) return;
    if (this.#found.size >= this.#most) throw tooMany(object.url, this.#most);
    this.#found.set(object.url, object);
  }

  /** In the order in which they were added. */
  all(): ListedObject[] {
    return withoutStoreParts([...this.#found.values()], this.#wanted);
  }

  /** Whether a URL lies below a folder with metadata. */
  #isWithin(url: string): boolean {
    for (let [folder] = splitUrl(url); folder !== ''; [folder] = splitUrl(folder.slice(0, -1)))
      if (this.#roots.has(folder)) return true;
    return false;
  }
}

function tooMany(url: string, most: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `publish: expected at most ${most} objects, found more up to ${url}; name stores by their folders, or publish parts of them`,
    { url, objects: String(most) },
  );
}
