import { formatCorrupt } from './format-error.ts';

type ByteOrder = 'little' | 'big';

/** Where the bytes of a cursor come from. */
export interface CursorPlace {
  /** URL of the object. */
  url: string;
  /** Offset in the object of the first byte; 0 when not given. */
  base?: number;
  /** Byte order of numbers; little-endian when not given. */
  order?: ByteOrder;
}

/**
 * Reads numbers and text one after another from bytes of a file. Every read is bounds-checked: past the end it throws
 * FORMAT_CORRUPT with the URL and the offset in the file. `position` counts from the first byte that the cursor holds.
 */
export class ByteCursor {
  readonly url: string;
  readonly base: number;
  readonly length: number;
  position = 0;
  /** How many bytes the cursor would have to hold for the last read that went past the end; 0 when none has. */
  wantedLength = 0;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #little: boolean;

  /** Over all of the bytes, or over `length` of them from `start` on: a cursor costs less than a view of a part does. */
  constructor(bytes: Uint8Array, place: CursorPlace, start = 0, length = bytes.length - start) {
    this.url = place.url;
    this.base = place.base ?? 0;
    this.length = length;
    this.#bytes = bytes;
    this.#start = start;
    this.#little = place.order !== 'big';
  }

  /** Offset in the object of the next byte. */
  get offset(): number {
    return this.base + this.position;
  }

  get remaining(): number {
    return this.length - this.position;
  }

  /** Moves to a position, counted from the first byte that the cursor holds. */
  seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0 || position > this.length) {
      throw this.corrupt(`a position within ${this.length} bytes from ${this.base}`, `position ${position}`);
    }
    this.position = position;
  }

  skip(count: number): void {
    this.#advance(count, 'padding');
  }

  uint8(): number {
    return this.#bytes[this.#advance(1, 'a uint8')];
  }
  int8(): number {
    return (this.#bytes[this.#advance(1, 'an int8')] << 24) >> 24;
  }
  uint16(): number {
    return this.#uint16At(this.#advance(2, 'a uint16'));
  }
  int16(): number {
    return (this.#uint16At(this.#advance(2, 'an int16')) << 16) >> 16;
  }
  uint32(): number {
    return this.#int32At(this.#advance(4, 'a uint32')) >>> 0;
  }
  int32(): number {
    return this.#int32At(this.#advance(4, 'an int32'));
  }
  bigUint64(): bigint {
    return this.#view(8, 'a uint64').getBigUint64(0, this.#little);
  }
  bigInt64(): bigint {
    return this.#view(8, 'an int64').getBigInt64(0, this.#little);
  }
  float32(): number {
    return this.#view(4, 'a float32').getFloat32(0, this.#little);
  }
  float64(): number {
    return this.#view(8, 'a float64').getFloat64(0, this.#little);
  }

  /** An unsigned integer of 1 to 8 bytes. Throws FORMAT_CORRUPT past 2^53: no size or offset is that large. */
  uint(width: number): number {
    const at = this.#advance(width, 'an unsigned integer');
    let value = 0;
    for (let i = 0; i < width; i++)
      value = value * 256 + this.#bytes[this.#little ? at + width - 1 - i : at + i];
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    this.position -= width;
    const exact = this.bigUint(width);
    this.position -= width;
    throw this.corrupt('a size or offset below 2^53', String(exact));
  }

  /** An unsigned integer of 1 to 8 bytes, exact. */
  bigUint(width: number): bigint {
    const at = this.#advance(width, 'an unsigned integer');
    let value = 0n;
    for (let i = 0; i < width; i++) {
      const byte = this.#bytes[at + (this.#little ? width - 1 - i : i)];
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  }

  /** The next bytes; shares memory with what the cursor was made of. */
  bytes(count: number): Uint8Array {
    const at = this.#advance(count, 'data');
    return this.#bytes.subarray(at, at + count);
  }

  /** The next bytes, passed over: what they are part of, and where in it they begin. */
  protected take(count: number): { whole: Uint8Array; start: number } {
    return { whole: this.#bytes, start: this.#advance(count, 'a structure') };
  }

  /** The next bytes as UTF-8 text. Throws FORMAT_CORRUPT when they are none. */
  text(count: number): string {
    const start = this.position;
    const bytes = this.bytes(count);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw formatCorrupt(this.url, this.base + start, 'UTF-8 text', 'other bytes', cause);
    }
  }

  /** A FORMAT_CORRUPT error at the next byte. */
  corrupt(expected: string, found: string): Error {
    return formatCorrupt(this.url, this.offset, expected, found);
  }

  #uint16At(at: number): number {
    const bytes = this.#bytes;
    return this.#little ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
  }

  #int32At(at: number): number {
    const bytes = this.#bytes;
    return this.#little
      ? bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
      : (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }

  #view(count: number, what: string): DataView {
    const at = this.#advance(count, what);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, count);
  }

  /** Passes over the next bytes; returns where they begin in what the cursor was made of. */
  #advance(count: number, what: string): number {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.remaining) {
      this.wantedLength = this.position + count;
      throw this.corrupt(
        count > this.remaining ? `${what} (${count} bytes)` : what,
        `${this.remaining} bytes left`,
      );
    }
    const at = this.#start + this.position;
    this.position += count;
    return at;
  }
}
