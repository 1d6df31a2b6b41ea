import { ByteCursor, type CursorPlace } from '../byte-cursor.ts';
import { decodeText } from './text.ts';

/** Where a cursor over HDF5 structures is, and how wide this file's addresses and lengths are. */
interface FieldPlace extends CursorPlace {
  offsetSize: number;
  lengthSize: number;
}

/** Reads the fields of HDF5 structures: little-endian numbers, addresses and lengths of the widths that the superblock states. */
export class FieldCursor extends ByteCursor {
  readonly offsetSize: number;
  readonly lengthSize: number;

  constructor(bytes: Uint8Array, place: FieldPlace, start?: number, length?: number) {
    super(bytes, place, start, length);
    this.offsetSize = place.offsetSize;
    this.lengthSize = place.lengthSize;
  }

  /** An address, relative to the base address; nothing for the undefined address (all bits set). */
  address(): number | undefined {
    return this.#unlessAllSet(this.offsetSize);
  }

  /** An address that must be defined. */
  definedAddress(what: string): number {
    const address = this.address();
    if (address !== undefined) return address;
    this.position -= this.offsetSize;
    throw this.corrupt(`the address of ${what}`, 'the undefined address');
  }

  /** A length in bytes or elements. */
  lengthField(): number {
    return this.uint(this.lengthSize);
  }

  /** A length; nothing when all bits are set, which stands for unlimited. */
  lengthUnlessUnlimited(): number | undefined {
    return this.#unlessAllSet(this.lengthSize);
  }

  /** Throws unless the next four bytes are this signature. */
  signature(expected: string): void {
    const { whole, start } = this.take(expected.length);
    let same = 0;
    while (same < expected.length && whole[start + same] === expected.charCodeAt(same)) same++;
    if (same === expected.length) return;
    this.position -= expected.length;
    const bytes = this.bytes(expected.length);
    this.position -= expected.length;
    const found = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw this.corrupt(`the signature ${expected}`, found);
  }

  /** A version number of one byte. Throws when it is none of those known. */
  version(what: string, ...known: number[]): number {
    const version = this.uint8();
    if (known.includes(version)) return version;
    this.position -= 1;
    throw this.corrupt(`version ${known.join(' or ')} of the ${what}`, `version ${version}`);
  }

  /** Text up to a zero byte, which is passed over. */
  terminatedText(): string {
    const rest = this.peekRest();
    const end = rest.indexOf(0);
    if (end < 0) throw this.corrupt('text that ends with a zero byte', `${rest.length} bytes without one`);
    this.skip(end + 1);
    return decodeText(rest.subarray(0, end));
  }

  /** Text in a field of a width, up to its first zero byte. */
  paddedText(width: number): string {
    const bytes = this.bytes(width);
    const end = bytes.indexOf(0);
    return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** All bytes that are left, without passing over them. */
  peekRest(): Uint8Array {
    const start = this.position;
    const rest = this.bytes(this.remaining);
    this.position = start;
    return rest;
  }

  /** Another cursor over the same bytes, at their start: what is shared is parsed again from there. */
  fresh(): FieldCursor {
    const start = this.position;
    this.position = 0;
    const copy = this.part(this.length);
    this.position = start;
    return copy;
  }

  /** A cursor over the next bytes, which are passed over. */
  part(count: number): FieldCursor {
    const base = this.offset;
    const place = { url: this.url, base, offsetSize: this.offsetSize, lengthSize: this.lengthSize };
    const { whole, start } = this.take(count);
    return new FieldCursor(whole, place, start, count);
  }

  #unlessAllSet(width: number): number | undefined {
    const { whole, start } = this.take(width);
    for (let i = 0; i < width; i++) {
      if (whole[start + i] === 0xff) continue;
      this.position -= width;
      return this.uint(width);
    }
    return undefined;
  }
}
