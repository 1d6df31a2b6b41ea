import type { ByteRange, ByteSource, ObjectVersion } from '@hyperslab/storage';
import { formatCorrupt } from '../format-error.ts';

// HDF5 metadata lies in pieces of some hundred bytes to a few kilobytes, often far apart: larger blocks would mostly
// read data that nobody asked for.
const blockBytes = 4 * 1024;
const readAheadBlocks = 16;
const cachedBlocks = 4096;

// Made once: a trace of the stack costs more than the end of a small file's index.
const ended = new Error('the index of this object has ended');

interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

/**
 * Bytes of one object by aligned blocks, with a bounded cache. Reads that are asked for while none is under way are
 * fetched as one request: whoever walks a structure asks for all branches at once and pays one round trip a level.
 * A block that follows known ones is read with some of those after it, so that metadata in a row takes few requests.
 */
export class BlockReader {
  readonly url: string;
  readonly size: number;
  /** Bytes that were read from the object so far, its head included. */
  bytesRead: number;
  readonly #source: ByteSource;
  readonly #version: ObjectVersion;
  readonly #signal: AbortSignal | undefined;
  /** The first blocks; they are not let go. */
  readonly #head: Uint8Array;
  readonly #headBlocks: number;
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #pending = new Map<number, Promise<Uint8Array>>();
  #queue = new Map<number, Waiting>();
  #failure: unknown;

  constructor(source: ByteSource, version: ObjectVersion, head: Uint8Array, signal?: AbortSignal) {
    this.url = source.url;
    this.size = version.size;
    this.bytesRead = head.length;
    this.#source = source;
    this.#version = version;
    this.#signal = signal;
    const isWhole = head.length >= this.size;
    this.#headBlocks = isWhole ? Math.ceil(this.size / blockBytes) : Math.floor(head.length / blockBytes);
    this.#head = head.subarray(0, Math.min(this.size, this.#headBlocks * blockBytes));
  }

  /**
   * Exactly these bytes: at once where they lie in the head, as nearly all of a small file does. Throws FORMAT_CORRUPT when the
   * object ends before; what they are goes into the message.
   */
  read(offset: number, length: number, what: string): Uint8Array | Promise<Uint8Array> {
    if (offset + length > this.size) {
      throw formatCorrupt(
        this.url,
        offset,
        `${what} (${length} bytes)`,
        offset < this.size
          ? `the end of the object after ${this.size - offset} bytes`
          : `an object of ${this.size} bytes`,
      );
    }
    if (length === 0) return new Uint8Array(0);
    if (this.#failure !== undefined) throw this.#failure;
    if (offset + length <= this.#head.length) return this.#head.subarray(offset, offset + length);
    return this.#readBlocks(offset, length);
  }

  async #readBlocks(offset: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(offset / blockBytes);
    const last = Math.floor((offset + length - 1) / blockBytes);
    const start = offset - first * blockBytes;
    if (first === last) return (await this.#block(first)).subarray(start, start + length);
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const blocks = await Promise.all(numbers.map((number) => this.#block(number)));
    const joined = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of blocks) {
      joined.set(block, at);
      at += block.length;
    }
    return joined.subarray(start, start + length);
  }

  /** Makes every further read fail, so that branches of a walk that has failed elsewhere end. */
  close(): void {
    this.#failure ??= ended;
  }

  async #block(number: number): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw this.#failure;
    if (number < this.#headBlocks) return this.#head.subarray(number * blockBytes, (number + 1) * blockBytes);
    const cached = this.#blocks.get(number);
    if (cached !== undefined) {
      this.#blocks.delete(number);
      this.#blocks.set(number, cached);
      return cached;
    }
    const pending = this.#pending.get(number);
    if (pending !== undefined) return pending;
    const wanted = new Promise<Uint8Array>((resolve, reject) => {
      // Everything that can run without this block runs first, and adds what it needs to the same request.
      if (this.#queue.size === 0) setImmediate(() => this.#fetchQueue());
      this.#queue.set(number, { resolve, reject });
    });
    this.#pending.set(number, wanted);
    return wanted;
  }

  async #fetchQueue(): Promise<void> {
    const queue = this.#queue;
    this.#queue = new Map();
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const runs = this.#runs([...queue.keys()].sort((a, b) => a - b));
      const ranges = runs.map((run) => this.#range(run));
      const options = { signal: this.#signal, expect: this.#version };
      const parts = await this.#source.read(ranges, options);
      runs.forEach((run, i) => {
        this.bytesRead += parts[i].length;
        for (let n = run.first; n <= run.last; n++) {
          const start = (n - run.first) * blockBytes;
          const block = parts[i].subarray(start, start + blockBytes);
          this.#keep(n, block);
          this.#pending.delete(n);
          queue.get(n)?.resolve(block);
        }
      });
    } catch (error) {
      this.#failure ??= error;
      for (const waiting of queue.values()) waiting.reject(error);
    }
  }

  /** Neighbouring blocks as one run, each run lengthened by as many blocks as are known right before it. */
  #runs(numbers: readonly number[]): { first: number; last: number }[] {
    const runs: { first: number; last: number }[] = [];
    for (const number of numbers) {
      const run = runs.at(-1);
      if (run !== undefined && run.last + 1 >= number) run.last = Math.max(run.last, number);
      else runs.push({ first: number, last: number + this.#ahead(number) });
    }
    return runs;
  }

  #ahead(number: number): number {
    let known = 0;
    while (known < readAheadBlocks && this.#has(number - known - 1)) known++;
    let ahead = 0;
    const lastBlock = Math.ceil(this.size / blockBytes) - 1;
    while (ahead < known && number + ahead < lastBlock && !this.#has(number + ahead + 1)) ahead++;
    return ahead;
  }

  #range(run: { first: number; last: number }): ByteRange {
    const offset = run.first * blockBytes;
    return { offset, length: Math.min((run.last + 1) * blockBytes, this.size) - offset };
  }

  #has(number: number): boolean {
    return (number >= 0 && number < this.#headBlocks) || this.#blocks.has(number);
  }

  #keep(number: number, block: Uint8Array): void {
    this.#blocks.set(number, block);
    if (this.#blocks.size <= cachedBlocks) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      break;
    }
  }
}
