import type { ByteSource, ObjectVersion } from '@hyperslab/storage';
import { ByteCursor } from '../byte-cursor.ts';
import { formatCorrupt } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';

// Small messages are read with what lies between their headers, many at once; of large ones only the headers.
const blockOfSmall = 1024 * 1024;
const blockOfLarge = 8 * 1024;
const smallMessage = 128 * 1024;

// Bytes that belong to no message: nobody wants a file read whole that is something else.
const mostBetween = 64 * 1024 * 1024;

/** Bytes of a file of messages, read from front to back in blocks. One block is held. */
export class MessageBytes {
  readonly url: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #version: ObjectVersion;
  readonly #signal: AbortSignal | undefined;
  #start = 0;
  #bytes: Uint8Array;
  #block = blockOfSmall;

  constructor({ source, version, head, signal }: IndexRequest) {
    this.url = source.url;
    this.size = version.size;
    this.#source = source;
    this.#version = version;
    this.#signal = signal;
    this.#bytes = head;
  }

  /** How long messages are now: it says how much is read at once. */
  expectMessagesOf(length: number): void {
    this.#block = length < smallMessage ? blockOfSmall : blockOfLarge;
  }

  /** Bytes at an offset. Throws FORMAT_CORRUPT when the file ends before. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    if (!this.#holds(offset, length)) {
      if (offset + length > this.size) {
        throw formatCorrupt(this.url, offset, `${length} bytes of a message`, `a file of ${this.size} bytes`);
      }
      await this.#read(offset, length);
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }

  /** A cursor over bytes at an offset; numbers are big-endian. */
  async cursor(offset: number, length: number): Promise<ByteCursor> {
    return new ByteCursor(await this.at(offset, length), { url: this.url, base: offset, order: 'big' });
  }

  /** Offset of the next occurrence of a word from an offset on; undefined when there is none. Throws FORMAT_CORRUPT past 64 MiB without one. */
  async find(word: string, from: number): Promise<number | undefined> {
    let at = from;
    while (at + word.length <= this.size) {
      if (at - from > mostBetween) {
        throw formatCorrupt(this.url, from, `"${word}" within ${mostBetween} bytes`, 'none');
      }
      if (!this.#holds(at, word.length)) await this.#read(at, word.length);
      const block = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
      const found = block.indexOf(word, at - this.#start, 'latin1');
      if (found >= 0) return this.#start + found;
      at = this.#start + this.#bytes.length - word.length + 1;
    }
    return undefined;
  }

  #holds(offset: number, length: number): boolean {
    return offset >= this.#start && offset + length <= this.#start + this.#bytes.length;
  }

  async #read(offset: number, length: number): Promise<void> {
    const wanted = Math.min(this.size - offset, Math.max(length, this.#block));
    const options = { signal: this.#signal, expect: this.#version };
    [this.#bytes] = await this.#source.read([{ offset, length: wanted }], options);
    this.#start = offset;
  }
}
