import { codecCorrupt } from './codec-error.ts';

const headerBytes = 12;

/**
 * The framing of HDF5's LZ4 and bitshuffle filters, big-endian: decoded length as uint64, decoded bytes of a block as
 * uint32, then parts, each after its length as uint32. Throws FORMAT_CORRUPT for lengths past the end.
 */
export class LengthPrefixed {
  /** Decoded length of all parts. */
  readonly length: number;
  /** Decoded bytes of one. */
  readonly blockBytes: number;
  readonly #codec: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = headerBytes;

  constructor(codec: string, bytes: Uint8Array, mostDecoded: number) {
    if (bytes.length < headerBytes)
      throw codecCorrupt(codec, `at least ${headerBytes} bytes`, `${bytes.length}`);
    this.#codec = codec;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = Number(this.#view.getBigUint64(0));
    if (this.length > mostDecoded) {
      throw codecCorrupt(codec, `at most ${mostDecoded} bytes to come out`, String(this.length));
    }
    this.blockBytes = this.#view.getUint32(8);
  }

  /** The next part. */
  next(): Uint8Array {
    if (this.#at + 4 > this.#bytes.length) throw codecCorrupt(this.#codec, 'a length of a block', 'the end');
    const length = this.#view.getUint32(this.#at);
    this.#at += 4;
    return this.take(length);
  }

  /** The next bytes, which no length stands before. */
  take(length: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (length > left) throw codecCorrupt(this.#codec, `a block of ${length} bytes`, `${left} bytes left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
