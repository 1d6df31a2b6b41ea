import { dapCorrupt, dapShort } from './dap-error.ts';

/** Reads an answer from its beginning; what it lacks is SHORT_READ. */
export class AnswerCursor {
  readonly url: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #at = 0;

  constructor(url: string, bytes: Uint8Array, littleEndian: boolean) {
    this.url = url;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A view of the next bytes. `what` is a phrase: "the values of \"t\"". */
  take(length: number, what: string): Uint8Array {
    if (!Number.isSafeInteger(length) || length > this.left)
      throw dapShort(this.url, `${length} bytes of ${what}`, this.#bytes.length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The bytes from a place up to here. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  uint32(what: string): number {
    this.take(4, what);
    return this.#view.getUint32(this.#at - 4, this.#littleEndian);
  }

  /** A count of 64 bits of things that take `width` bytes each at least: no more than the answer can hold. */
  count(width: number, what: string): number {
    this.take(8, what);
    const count = this.#view.getBigUint64(this.#at - 8, this.#littleEndian);
    if (count > BigInt(Number.MAX_SAFE_INTEGER)) throw dapCorrupt(this.url, what, String(count));
    if (Number(count) * width > this.left) {
      throw dapShort(this.url, `${count} of ${what}`, this.#bytes.length);
    }
    return Number(count);
  }

  /** Numbers of a width, as little-endian ones: a view where they are, else a copy. */
  numbers(count: number, width: number, what: string): Uint8Array {
    const bytes = this.take(count * width, what);
    return this.#littleEndian ? bytes : swapped(bytes, width);
  }

  /** A view of the text's bytes is decoded, UTF-8 or else Latin-1. */
  text(length: number, what: string): string {
    return decodeText(this.take(length, what));
  }
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  if (width === 1) return bytes;
  const copy = Buffer.from(new Uint8Array(bytes).buffer);
  if (width === 2) return copy.swap16();
  return width === 4 ? copy.swap32() : copy.swap64();
}

/** Text as servers send it: UTF-8, or of older ones Latin-1, which hardly ever is UTF-8 too. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not TextDecoder, whose "latin1" is Windows-1252.
    return Buffer.from(bytes).toString('latin1');
  }
}
