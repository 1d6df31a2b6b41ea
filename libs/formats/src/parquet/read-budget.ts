import { HyperslabError } from '@hyperslab/errors';

/**
 * Bytes of a file of references, fetched or unpacked: those of a million references are fewer. Packed zeros may stand for
 * thousands of times as many bytes.
 */
const mostBytes = 128 * 1024 * 1024;

/** What may still be taken of one file. */
export class ReadBudget {
  #left = mostBytes;
  readonly #url: string;
  readonly #what: string;

  /** Budget for `what` of the file at `url`. */
  constructor(url: string, what: string) {
    this.#url = url;
    this.#what = what;
  }

  /** To be called before the bytes are there. Throws TOO_LARGE. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw recordTooLarge(this.#url, this.#what, mostBytes, mostBytes - this.#left);
  }
}

/** More of a file of references than is read of one. */
export function recordTooLarge(url: string, what: string, most: number, found: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${url}: expected ${what} of at most ${most} bytes, found ${found}; write the references with a smaller record size`,
    { url, bytes: String(found) },
  );
}
