import type { Storage } from '@hyperslab/storage';
import { formatUnsupported } from '../format-error.ts';
import { Manifest } from './manifest.ts';
import { readMetadata } from './read-metadata.ts';
import type { Extents } from './snapshot.ts';

/** Manifests that are fetched ahead. */
const readsAtOnce = 8;

/** Content that stays for the next arrays, which may lie in the same manifests. */
const keptBytes = 64 * 1024 * 1024;

/** What manifests may take of time: more than as many chunks as an index may hold need. */
const mostReads = 64 * 1024;
const mostBytes = 8 * 1024 * 1024 * 1024;

/** Reads the manifests of a store, the last ones only once. */
export class ManifestReader {
  readonly #root: string;
  readonly #storage: Storage;
  readonly #signal: AbortSignal | undefined;
  /** The least recently used first. */
  readonly #kept = new Map<string, Manifest>();
  #keptBytes = 0;
  #reads = 0;
  #bytes = 0;

  /** `root` is the URL of the store, ending in a slash. */
  constructor(root: string, storage: Storage, signal?: AbortSignal) {
    this.#root = root;
    this.#storage = storage;
    this.#signal = signal;
  }

  /**
   * Reads the first of these ahead, several at once, as long as they are small: the arrays of a store are read one after the other,
   * as a rule from a manifest each. What fails is told when it is wanted.
   */
  async readAhead(names: Iterable<string>): Promise<void> {
    const iterator = names[Symbol.iterator]();
    const lane = async () => {
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        if (this.#bytes > keptBytes / 2) return;
        await this.#fetched(next.value)
          .then((fetched) => this.#opened(next.value, fetched))
          .catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, lane));
  }

  /** The manifests of an array, by name, one after the other. Throws what reading one throws. */
  async *read(
    names: ReadonlyMap<string, readonly Extents[]>,
  ): AsyncGenerator<{ manifest: Manifest; regions: readonly Extents[] }> {
    const entries = [...names];
    const ahead: Promise<Manifest | Uint8Array>[] = [];
    try {
      for (const [at, [name, regions]] of entries.entries()) {
        while (ahead.length < Math.min(readsAtOnce, entries.length - at)) {
          const fetched = this.#fetched(entries[at + ahead.length][0]);
          // It is awaited in its turn: that it failed before is no failure that nobody handles.
          fetched.catch(() => undefined);
          ahead.push(fetched);
        }
        yield { manifest: this.#opened(name, await ahead.shift()!), regions };
      }
    } finally {
      await Promise.allSettled(ahead);
    }
  }

  /** A manifest that is kept, or one as it is stored: a few bytes may stand for a thousand times as many. */
  async #fetched(name: string): Promise<Manifest | Uint8Array> {
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, known);
      return known;
    }
    const url = `${this.#root}manifests/${name}`;
    if (++this.#reads > mostReads || this.#bytes > mostBytes)
      throw formatUnsupported(url, 0, 'a store of so many manifests', 'rewrite its manifests into fewer');
    return readMetadata(url, this.#storage, this.#signal);
  }

  #opened(name: string, fetched: Manifest | Uint8Array): Manifest {
    if (fetched instanceof Manifest) return fetched;
    const manifest = new Manifest(fetched, `${this.#root}manifests/${name}`);
    this.#bytes += manifest.bytes;
    this.#keep(name, manifest);
    return manifest;
  }

  #keep(name: string, manifest: Manifest): void {
    this.#kept.set(name, manifest);
    this.#keptBytes += manifest.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= keptBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes;
    }
  }
}
