import { GatheredHeaders } from '@hyperslab/proto/index';

/**
 * What a pass through a file of messages has asked for, and will be answered again without the file: bytes at an offset, and
 * where the next message may begin. Both are facts of the file, whatever the pass that asked took for a message; so passes
 * through parts of a file, which may begin in the midst of data, can gather for the one that counts.
 */
export class GatheredBytes {
  readonly #runs = new Map<number, Uint8Array>();
  readonly #next = new Map<number, number>();

  /** Bytes at an offset, when they were asked for before; a view. */
  at(offset: number, length: number): Uint8Array | undefined {
    const run = this.#runs.get(offset);
    return run !== undefined && run.length >= length ? run.subarray(0, length) : undefined;
  }

  /** Where the word was found that was looked for from an offset on. */
  next(from: number): number | undefined {
    return this.#next.get(from);
  }

  /** Notes bytes; they are copied, for they may be part of much that is let go. */
  noteAt(offset: number, bytes: Uint8Array): void {
    if ((this.#runs.get(offset)?.length ?? -1) < bytes.length) this.#runs.set(offset, new Uint8Array(bytes));
  }

  noteNext(from: number, found: number): void {
    this.#next.set(from, found);
  }

  /** Adds what was gathered elsewhere. Runs that say more than there are bytes are left out. */
  add({ offsets, lengths, bytes, from, found }: GatheredHeaders): void {
    let end = 0;
    for (const [i, offset] of offsets.entries()) {
      const start = end;
      end += lengths[i];
      if (end > bytes.length) break;
      this.noteAt(offset, bytes.subarray(start, end));
    }
    for (const [i, offset] of from.entries()) if (i < found.length) this.noteNext(offset, found[i]);
  }

  /** All of it, but for the state of the file and what it took. */
  encode(): GatheredHeaders {
    const runs = [...this.#runs];
    return GatheredHeaders.create({
      offsets: runs.map(([offset]) => offset),
      lengths: runs.map(([, { length }]) => length),
      bytes: Buffer.concat(runs.map(([, run]) => run)),
      from: [...this.#next.keys()],
      found: [...this.#next.values()],
    });
  }
}
