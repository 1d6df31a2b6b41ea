import { formatCorrupt } from '../format-error.ts';

/** A buffer of FlatBuffers, and what it is part of, for messages. */
interface FlatBuffer {
  bytes: Uint8Array;
  view: DataView;
  url: string;
}

const text = new TextDecoder('utf-8', { fatal: true });

/**
 * A table of FlatBuffers ("FlatBuffer Internals"): fields by their number in the schema. Nothing is trusted: every offset and
 * count is held to the buffer before it is followed. What is not as it must be throws FORMAT_CORRUPT with its place.
 */
export class FlatTable {
  readonly #buffer: FlatBuffer;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldsEnd: number;

  private constructor(buffer: FlatBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
    const fields = at - inside(buffer, at, 4).getInt32(at, true);
    const size = inside(buffer, fields, 4).getUint16(fields, true);
    inside(buffer, fields, size);
    this.#fields = fields;
    this.#fieldsEnd = fields + size;
  }

  /** The table that a buffer is of. */
  static root(bytes: Uint8Array, url: string): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = { bytes, view, url };
    return new FlatTable(buffer, inside(buffer, 0, 4).getUint32(0, true));
  }

  uint8(field: number, absent: number): number {
    const at = this.#place(field, 1);
    return at === undefined ? absent : this.#buffer.view.getUint8(at);
  }

  uint32(field: number): number {
    const at = this.#place(field, 4);
    return at === undefined ? 0 : this.#buffer.view.getUint32(at, true);
  }

  /** Throws for what is no exact number. */
  uint64(field: number): number {
    const at = this.#place(field, 8);
    const value = at === undefined ? 0n : this.#buffer.view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.corrupt('a number below 2^53', String(value));
    return Number(value);
  }

  /** The bytes of a struct. */
  struct(field: number, length: number): Uint8Array | undefined {
    const at = this.#place(field, length);
    return at === undefined ? undefined : this.#buffer.bytes.subarray(at, at + length);
  }

  bytes(field: number): Uint8Array | undefined {
    return this.structs(field, 1);
  }

  /** All bytes of a vector of structs of a width. */
  structs(field: number, width: number): Uint8Array | undefined {
    const vector = this.#vector(field, width);
    return vector && this.#buffer.bytes.subarray(vector.at, vector.at + vector.count * width);
  }

  /** Throws for one of more than `most` bytes, before it takes memory: many tables may lead to the same. */
  text(field: number, most = Number.POSITIVE_INFINITY): string | undefined {
    const bytes = this.bytes(field);
    if (bytes === undefined) return undefined;
    if (bytes.length > most) throw this.corrupt(`a text of at most ${most} bytes`, `${bytes.length} bytes`);
    try {
      return text.decode(bytes);
    } catch {
      throw this.corrupt('a text in UTF-8', 'other bytes');
    }
  }

  /** Throws for more than `most` of them, before they take memory. */
  uint32s(field: number, most: number): number[] | undefined {
    const vector = this.#vector(field, 4);
    if (vector === undefined) return undefined;
    if (vector.count > most) throw this.corrupt(`at most ${most} numbers`, String(vector.count));
    return Array.from({ length: vector.count }, (_, i) =>
      this.#buffer.view.getUint32(vector.at + 4 * i, true),
    );
  }

  table(field: number): FlatTable | undefined {
    const at = this.#place(field, 4);
    return at === undefined ? undefined : this.#tableAt(at);
  }

  /** Tables of a vector, one after the other; none when it is absent. */
  *tables(field: number): Generator<FlatTable> {
    const vector = this.#vector(field, 4);
    for (let i = 0; i < (vector?.count ?? 0); i++) yield this.#tableAt(vector!.at + 4 * i);
  }

  /** One table of a vector; undefined past its end. */
  tableOf(field: number, index: number): FlatTable | undefined {
    const vector = this.#vector(field, 4);
    return vector === undefined || index >= vector.count ? undefined : this.#tableAt(vector.at + 4 * index);
  }

  /** What a field must have that is there in every file. */
  required<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw this.corrupt(`the field "${name}"`, 'none');
    return value;
  }

  corrupt(expected: string, found: string): Error {
    return formatCorrupt(this.#buffer.url, this.#at, `${expected} (bytes count within the metadata)`, found);
  }

  /** Where the value of a field lies, of `length` bytes; undefined when the table lacks it. */
  #place(field: number, length: number): number | undefined {
    const slot = this.#fields + 4 + 2 * field;
    if (slot + 2 > this.#fieldsEnd) return undefined;
    const offset = this.#buffer.view.getUint16(slot, true);
    if (offset === 0) return undefined;
    inside(this.#buffer, this.#at + offset, length);
    return this.#at + offset;
  }

  #vector(field: number, width: number): { at: number; count: number } | undefined {
    const place = this.#place(field, 4);
    if (place === undefined) return undefined;
    const at = place + this.#buffer.view.getUint32(place, true);
    const count = inside(this.#buffer, at, 4).getUint32(at, true);
    inside(this.#buffer, at + 4, count * width);
    return { at: at + 4, count };
  }

  #tableAt(place: number): FlatTable {
    return new FlatTable(this.#buffer, place + this.#buffer.view.getUint32(place, true));
  }
}

/** The view, once `length` bytes at a place are known to be there. */
function inside({ view, url }: FlatBuffer, at: number, length: number): DataView {
  if (at >= 0 && at + length <= view.byteLength) return view;
  const expected = `metadata within ${view.byteLength} bytes`;
  throw formatCorrupt(url, Math.max(0, at), expected, `bytes ${at} to ${at + length}`);
}
