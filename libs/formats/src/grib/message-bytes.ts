import type { ByteRange, ByteSource, ObjectVersion } from '@hyperslab/storage';
import { ByteCursor } from '../byte-cursor.ts';
import { formatCorrupt } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';
import type { GatheredBytes } from './gathered-bytes.ts';

// Small messages are read with what lies between their headers, many at once; of large ones only the headers.
const blockOfSmall = 1024 * 1024;
const blockOfLarge = 8 * 1024;
const smallMessage = 128 * 1024;

// Headers that are asked for at once where it is known where messages begin.
const headersAtOnce = 64;

// Bytes that belong to no message: nobody wants a file read whole that is something else.
const mostBetween = 64 * 1024 * 1024;

/** "7777", which ends a message: it is read with the header of the next. */
const endingOctets = 4;

interface Block {
  start: number;
  bytes: Uint8Array;
}

/** Bytes of a file of messages, read from front to back in blocks. One block is held, and headers that were fetched early. */
export class MessageBytes {
  readonly url: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #version: ObjectVersion;
  readonly #signal: AbortSignal | undefined;
  readonly #gathered: GatheredBytes | undefined;
  #held: Block;
  #block = blockOfSmall;
  /** Where messages are said to begin, from the last one on: the next is at the end. */
  #starts: number[] = [];
  /** Headers of coming messages, from the last one on. */
  #ahead: Block[] = [];

  constructor({ source, version, head, signal, gathered }: IndexRequest) {
    this.url = source.url;
    this.size = version.size;
    this.#source = source;
    this.#version = version;
    this.#signal = signal;
    this.#gathered = gathered;
    this.#held = { start: 0, bytes: head };
  }

  /** How long messages are now: it says how much is read at once. */
  expectMessagesOf(length: number): void {
    this.#block = length < smallMessage ? blockOfSmall : blockOfLarge;
  }

  /** Whether requests are made for single headers, which knowing where messages begin would spare. */
  get readsHeaders(): boolean {
    return this.#block === blockOfLarge;
  }

  /** Fetches headers early, many at once, where messages are said to begin (in order). What is wrong there is not used. */
  expectStarts(starts: readonly number[]): void {
    this.#starts = starts.toReversed();
  }

  /** Bytes at an offset. Throws FORMAT_CORRUPT when the file ends before. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const known = this.#gathered?.at(offset, length);
    if (known !== undefined) return known;
    if (!this.#holds(offset, length)) {
      if (offset + length > this.size) {
        throw formatCorrupt(this.url, offset, `${length} bytes of a message`, `a file of ${this.size} bytes`);
      }
      await this.#read(offset, length);
    }
    const { start, bytes } = this.#held;
    const found = bytes.subarray(offset - start, offset - start + length);
    this.#gathered?.noteAt(offset, found);
    return found;
  }

  /** A cursor over bytes at an offset; numbers are big-endian. */
  async cursor(offset: number, length: number): Promise<ByteCursor> {
    return new ByteCursor(await this.at(offset, length), { url: this.url, base: offset, order: 'big' });
  }

  /** Offset of the next occurrence of a word from an offset on; undefined when there is none. Throws FORMAT_CORRUPT past 64 MiB without one. */
  async find(word: string, from: number): Promise<number | undefined> {
    const known = this.#gathered?.next(from);
    if (known !== undefined) return known;
    let at = from;
    while (at + word.length <= this.size) {
      if (at - from > mostBetween) {
        throw formatCorrupt(this.url, from, `"${word}" within ${mostBetween} bytes`, 'none');
      }
      if (!this.#holds(at, word.length)) await this.#read(at, word.length);
      const { start, bytes } = this.#held;
      const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(
        word,
        at - start,
        'latin1',
      );
      if (found >= 0) {
        this.#gathered?.noteNext(from, start + found);
        return start + found;
      }
      at = start + bytes.length - word.length + 1;
    }
    return undefined;
  }

  #holds(offset: number, length: number): boolean {
    const { start, bytes } = this.#held;
    return offset >= start && offset + length <= start + bytes.length;
  }

  async #read(offset: number, length: number): Promise<void> {
    if (this.#takeAhead(offset, length)) return;
    const wanted = { offset, length: Math.min(this.size - offset, Math.max(length, this.#block)) };
    const ranges = [wanted, ...this.#headersAfter(offset)];
    const options = { signal: this.#signal, expect: this.#version };
    const [held, ...ahead] = await this.#source.read(ranges, options);
    this.#held = { start: offset, bytes: held };
    if (ahead.length > 0) {
      this.#ahead = ahead.map((bytes, i) => ({ start: ranges[i + 1].offset, bytes })).reverse();
    }
  }

  /** Holds the header that was fetched early, if it has the bytes. */
  #takeAhead(offset: number, length: number): boolean {
    let block = this.#ahead.at(-1);
    while (block !== undefined && block.start + block.bytes.length < offset + length) {
      this.#ahead.pop();
      block = this.#ahead.at(-1);
    }
    if (block === undefined || block.start > offset) return false;
    this.#held = block;
    return true;
  }

  /** Where the next messages are said to begin, with the ends of those before them. */
  #headersAfter(offset: number): ByteRange[] {
    const ranges: ByteRange[] = [];
    // What was fetched early and not used yet is nearer than this.
    if (!this.readsHeaders || this.#ahead.length > 0) return ranges;
    while (ranges.length < headersAtOnce) {
      const start = this.#starts.pop();
      if (start === undefined) break;
      const from = start - endingOctets;
      if (from > offset) ranges.push({ offset: from, length: Math.min(this.#block, this.size - from) });
    }
    return ranges;
  }
}
