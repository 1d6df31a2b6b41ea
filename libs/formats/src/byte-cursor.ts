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
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, place: CursorPlace) {
    this.url = place.url;
    this.base = place.base ?? 0;
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    return this.#view.getUint8(this.#advance(1, 'a uint8'));
  }
  int8(): number {
    return this.#view.getInt8(this.#advance(1, 'an int8'));
  }
  uint16(): number {
    return this.#view.getUint16(this.#advance(2, 'a uint16'), this.#little);
  }
  int16(): number {
    return this.#view.getInt16(this.#advance(2, 'an int16'), this.#little);
  }
  uint32(): number {
    return this.#view.getUint32(this.#advance(4, 'a uint32'), this.#little);
  }
  int32(): number {
    return this.#view.getInt32(this.#advance(4, 'an int32'), this.#little);
  }
  bigUint64(): bigint {
    return this.#view.getBigUint64(this.#advance(8, 'a uint64'), this.#little);
  }
  bigInt64(): bigint {
    return this.#view.getBigInt64(this.#advance(8, 'an int64'), this.#little);
  }
  float32(): number {
    return this.#view.getFloat32(this.#advance(4, 'a float32'), this.#little);
  }
  float64(): number {
    return this.#view.getFloat64(this.#advance(8, 'a float64'), this.#little);
  }

  /** An unsigned integer of 1 to 8 bytes. Throws FORMAT_CORRUPT past 2^53: no size or offset is that large. */
  uint(width: number): number {
    const value = this.bigUint(width);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      this.position -= width;
      throw this.corrupt('a size or offset below 2^53', String(value));
    }
    return Number(value);
  }

  /** An unsigned integer of 1 to 8 bytes, exact. */
  bigUint(width: number): bigint {
    const at = this.#advance(width, `an unsigned integer of ${width} bytes`);
    let value = 0n;
    for (let i = 0; i < width; i++) {
      const byte = this.#bytes[at + (this.#little ? width - 1 - i : i)];
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  }

  /** The next bytes; shares memory with what the cursor was made of. */
  bytes(count: number): Uint8Array {
    const at = this.#advance(count, `${count} bytes`);
    return this.#bytes.subarray(at, at + count);
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

  #advance(count: number, what: string): number {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.remaining) {
      this.wantedLength = this.position + count;
      throw this.corrupt(
        count > this.remaining ? `${what} (${count} bytes)` : what,
        `${this.remaining} bytes left`,
      );
    }
    const at = this.position;
    this.position += count;
    return at;
  }
}
