import { hash } from 'node:crypto';
import { formatUnsupported } from '../format-error.ts';

// Files in use have a handful of grids. Each takes coordinates in the index.
const mostSections = 256;

/** What was read of sections that define grids, by their bytes: thousands of messages share few of them. */
export class SectionCache<T> {
  readonly #known = new Map<string, T>();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** What `read` makes of a section's bytes, read once. Throws FORMAT_UNSUPPORTED past 256 different ones. */
  get(bytes: Uint8Array, offset: number, read: () => T): T {
    const key = hash('sha256', bytes, 'base64');
    let known = this.#known.get(key);
    if (known === undefined) {
      if (this.#known.size >= mostSections) {
        throw formatUnsupported(this.#url, offset, `a file with more than ${mostSections} grids`, 'split it');
      }
      known = read();
      this.#known.set(key, known);
    }
    return known;
  }
}
