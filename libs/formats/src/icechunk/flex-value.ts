import { formatCorrupt } from '../format-error.ts';

/** Types of FlexBuffers ("FlexBuffers", "Spec: types") that are read here. */
const types = { key: 4, string: 5, map: 9 } as const;

interface FlexBuffer {
  bytes: Uint8Array;
  view: DataView;
  url: string;
}

/**
 * A value of a FlexBuffer: of maps and texts only, which is what is needed of a configuration. Offsets lead backwards, so
 * that nothing is without end; each is held to the buffer. Throws FORMAT_CORRUPT.
 */
export class FlexValue {
  readonly #buffer: FlexBuffer;
  readonly #at: number;
  readonly #type: number;
  /** Bytes of counts and offsets in what it leads to. */
  readonly #width: number;

  private constructor(buffer: FlexBuffer, slot: number, slotWidth: number, packedType: number) {
    this.#buffer = buffer;
    this.#type = packedType >> 2;
    this.#width = 1 << (packedType & 3);
    const isIndirect = Object.values<number>(types).includes(this.#type);
    this.#at = isIndirect ? slot - unsigned(buffer, slot, slotWidth) : slot;
  }

  /** The value that a buffer is: its last byte is the width of its root, the one before the root's type. */
  static root(bytes: Uint8Array, url: string): FlexValue {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = { bytes, view, url };
    const width = unsigned(buffer, bytes.length - 1, 1);
    return new FlexValue(buffer, bytes.length - 2 - width, width, unsigned(buffer, bytes.length - 2, 1));
  }

  /** A text; undefined for a value of another type. */
  text(): string | undefined {
    if (this.#type === types.key) return keyAt(this.#buffer, this.#at);
    if (this.#type !== types.string) return undefined;
    const length = unsigned(this.#buffer, this.#at - this.#width, this.#width);
    if (this.#at + length > this.#buffer.bytes.length) throw outside(this.#buffer, this.#at + length);
    return Buffer.from(this.#buffer.bytes.subarray(this.#at, this.#at + length)).toString();
  }

  /** Members of a map, in order of key; none for a value of another type. */
  *members(): Generator<[key: string, value: FlexValue]> {
    if (this.#type !== types.map) return;
    const [buffer, width, at] = [this.#buffer, this.#width, this.#at];
    const count = unsigned(buffer, at - width, width);
    const keysWidth = unsigned(buffer, at - 2 * width, width);
    const keysSlot = at - 3 * width;
    const keys = keysSlot - unsigned(buffer, keysSlot, width);
    // A byte for each type comes after the values.
    if (at + count * (width + 1) > buffer.bytes.length) throw outside(buffer, at + count * (width + 1));
    for (let i = 0; i < count; i++) {
      const key = keys + i * keysWidth;
      const type = buffer.bytes[at + count * width + i];
      const value = new FlexValue(buffer, at + i * width, width, type);
      yield [keyAt(buffer, key - unsigned(buffer, key, keysWidth)), value];
    }
  }

  /** A member of a map by its key. */
  member(name: string): FlexValue | undefined {
    for (const [key, value] of this.members()) if (key === name) return value;
    return undefined;
  }
}

function unsigned(buffer: FlexBuffer, at: number, width: number): number {
  if (at < 0 || at + width > buffer.bytes.length) throw outside(buffer, at);
  if (width === 1) return buffer.view.getUint8(at);
  if (width === 2) return buffer.view.getUint16(at, true);
  if (width === 4) return buffer.view.getUint32(at, true);
  const value = width === 8 ? Number(buffer.view.getBigUint64(at, true)) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw outside(buffer, at);
}

/** Longer than names of settings and of containers are. */
const longestKey = 1024;

/** A text that ends in a zero. */
function keyAt(buffer: FlexBuffer, at: number): string {
  const key = at < 0 ? undefined : buffer.bytes.subarray(at, at + longestKey);
  const end = key?.indexOf(0) ?? -1;
  if (end < 0) throw outside(buffer, at);
  return Buffer.from(key!.subarray(0, end)).toString();
}

function outside({ bytes, url }: FlexBuffer, at: number): Error {
  const expected = `a configuration within ${bytes.length} bytes`;
  return formatCorrupt(url, Math.max(0, at), expected, `a value at byte ${at}`);
}
