import { gribCorrupt } from '../grib-error.ts';

/** Bits of packet headers (ISO/IEC 15444-1, annex B.10.1): a byte behind 0xff has seven. */
export class HeaderBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #left = 0;
  #byte = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  bit(): number {
    if (this.#left === 0) this.#next();
    this.#left--;
    return (this.#byte >>> this.#left) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  /** How many coding passes follow (table B.4). */
  passes(): number {
    if (this.bit() === 0) return 1;
    if (this.bit() === 0) return 2;
    const few = this.bits(2);
    if (few < 3) return 3 + few;
    const more = this.bits(5);
    return more < 31 ? 6 + more : 37 + this.bits(7);
  }

  /** Where the header ends: at a whole byte, and not behind 0xff. */
  end(): number {
    if (this.#byte === 0xff) this.#next();
    return this.#at;
  }

  #next(): void {
    if (this.#at >= this.#bytes.length)
      throw gribCorrupt('packets of a JPEG 2000 stream', 'the end of its tile');
    this.#left = this.#byte === 0xff ? 7 : 8;
    this.#byte = this.#bytes[this.#at++];
  }
}
