import { gribCorrupt } from './grib-error.ts';

/**
 * A section of a message. Octets are numbered from 1 as in the Manual on Codes. Every read is bounds-checked: past the
 * end it throws FORMAT_CORRUPT.
 */
export class Section {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(number: number, bytes: Uint8Array) {
    this.number = number;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** An unsigned integer of 1 to 4 octets. */
  uint(octet: number, width: 1 | 2 | 3 | 4): number {
    const at = this.#at(octet, width);
    if (width === 1) return this.view.getUint8(at);
    if (width === 2) return this.view.getUint16(at);
    if (width === 4) return this.view.getUint32(at);
    return this.view.getUint8(at) * 65536 + this.view.getUint16(at + 1);
  }

  /** A signed integer as GRIB has it: the first bit is the sign, the others the magnitude. */
  signed(octet: number, width: 1 | 2 | 4): number {
    const unsigned = this.uint(octet, width);
    const signBit = 2 ** (8 * width - 1);
    return unsigned < signBit ? unsigned : signBit - unsigned;
  }

  /** An IEEE single. */
  ieee32(octet: number): number {
    return this.view.getFloat32(this.#at(octet, 4));
  }

  /** An IEEE double. */
  ieee64(octet: number): number {
    return this.view.getFloat64(this.#at(octet, 8));
  }

  /** An IBM single, as edition 1 has them: sign, exponent of 16 with bias 64, fraction of 24 bits. */
  ibm32(octet: number): number {
    const bits = this.view.getUint32(this.#at(octet, 4));
    const magnitude = (bits & 0xffffff) * 2 ** (4 * ((bits >>> 24) & 0x7f) - 280);
    return bits >>> 31 === 0 ? magnitude : -magnitude;
  }

  /** Refuses a section without so many bits from an octet on. */
  requireBits(octet: number, bits: number, what: string): void {
    const there = 8 * (this.bytes.length - octet + 1);
    if (bits > there || octet < 1) {
      throw gribCorrupt(
        `${what} (${bits} bits) from octet ${octet} of section ${this.number}`,
        `${Math.max(0, there)} bits`,
      );
    }
  }

  #at(octet: number, width: number): number {
    this.requireBits(octet, 8 * width, 'a number');
    return octet - 1;
  }
}
