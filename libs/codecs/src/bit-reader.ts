import { codecCorrupt } from './codec-error.ts';

// Positions are counted in bits and shifted as 32-bit numbers.
const mostBytes = 2 ** 29 - 1;

/** Numbers of any width from a stream of bits, the most significant first. Throws FORMAT_CORRUPT past the end, naming `codec`. */
export class BitReader {
  readonly #codec: string;
  readonly #view: DataView;
  readonly #length: number;
  #position = 0;

  constructor(codec: string, bytes: Uint8Array) {
    if (bytes.length > mostBytes) {
      throw codecCorrupt(codec, `at most ${mostBytes} stored bytes of a chunk`, String(bytes.length));
    }
    this.#codec = codec;
    // Whole words are read, past the end also.
    const padded = new Uint8Array(bytes.length + 8);
    padded.set(bytes);
    this.#view = new DataView(padded.buffer);
    this.#length = 8 * bytes.length;
  }

  /** An unsigned number of 0 to 32 bits. */
  bits(count: number): number {
    if (count === 0) return 0;
    const value = this.#peek() >>> (32 - count);
    this.#advance(count);
    return value;
  }

  /** The next 1 to 32 bits without passing over them; past the end they are zeros. */
  peek(count: number): number {
    return this.#peek() >>> (32 - count);
  }

  skip(count: number): void {
    this.#advance(count);
  }

  /** How many zero bits stand before the next one, which is passed over too. */
  zeros(): number {
    let count = 0;
    for (;;) {
      const found = Math.clz32(this.#peek());
      if (found < 32) {
        this.#advance(found + 1);
        return count + found;
      }
      this.#advance(32);
      count += 32;
    }
  }

  /** Passes over what is left of a byte that was begun. */
  align(): void {
    this.#position = (this.#position + 7) & ~7;
  }

  #peek(): number {
    const at = this.#position >>> 3;
    const shift = this.#position & 7;
    const word = this.#view.getUint32(at);
    if (shift === 0) return word;
    return ((word << shift) | (this.#view.getUint8(at + 4) >>> (8 - shift))) >>> 0;
  }

  #advance(count: number): void {
    this.#position += count;
    if (this.#position > this.#length) {
      throw codecCorrupt(this.#codec, 'more bits', `the end of the stream after ${this.#length / 8} bytes`);
    }
  }
}
