import { HyperslabError } from '@hyperslab/errors';

/** Metadata of one node are a few kilobytes; consolidated ones of a large store some megabytes. */
const mostBytes = 256 * 1024 * 1024;

/** Throws TOO_LARGE for metadata that no honest store has. */
export function assertMetadataSize(url: string, size: number): void {
  if (size > mostBytes) throw tooLarge(url, `metadata of at most ${mostBytes} bytes`, size);
}

/** What the documents of one store may still take: a few packed bytes, or parts of one large object, may stand for many large ones. */
export class MetadataBudget {
  #bytes = 0;

  /** To be called before a document is read. Throws TOO_LARGE for one, or for some together, that no honest store has. */
  take(url: string, size: number): void {
    assertMetadataSize(url, size);
    this.#bytes += size;
    if (this.#bytes <= mostBytes) return;
    throw tooLarge(url, `metadata of a store of at most ${mostBytes} bytes together`, this.#bytes);
  }
}

function tooLarge(url: string, expected: string, found: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${url}: expected ${expected}, found ${found}; check that it is metadata`,
    { url, bytes: String(found) },
  );
}
