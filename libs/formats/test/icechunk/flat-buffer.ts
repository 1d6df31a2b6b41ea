/** A field of a table: bytes in the table itself, or what it leads to. */
type Field = Uint8Array | Vector | Table | readonly Table[] | undefined;

/** Fields by their number. */
export interface Table {
  fields: readonly Field[];
}

/** So many elements in these bytes. */
export interface Vector {
  count: number;
  bytes: Uint8Array;
}

const headerBytes = 39;

/** An Icechunk file of a type, not compressed. A table that several lead to is written once, so that a file may lie. */
export function icechunkFile(type: number, root: Table): Uint8Array {
  const header = Buffer.alloc(headerBytes, ' ');
  header.write('ICE🧊CHUNK');
  header.set([2, type, 0], headerBytes - 3);
  return Buffer.concat([header, new Writer().finish(root)]);
}

export function text(value: string): Vector {
  const bytes = Buffer.from(value);
  return { count: bytes.length, bytes };
}

/** Integers of 4 bytes, as a vector of so many elements. */
export function uint32s(values: readonly number[], count: number = values.length): Vector {
  return { count, bytes: Buffer.from(Uint32Array.from(values).buffer) };
}

/** Writes from the end, as offsets lead forward: places are counted from there. */
class Writer {
  readonly #parts: Buffer[] = [];
  readonly #tables = new Map<Table, number>();
  #length = 0;

  finish(root: Table): Buffer {
    const target = this.#table(root);
    const part = Buffer.alloc(4);
    part.writeUInt32LE(this.#length + 4 - target);
    this.#put(part);
    return Buffer.concat(this.#parts.reverse());
  }

  #put(part: Buffer): number {
    const padded = Buffer.concat([part], Math.ceil(part.length / 4) * 4);
    this.#parts.push(padded);
    this.#length += padded.length;
    return this.#length;
  }

  #table(table: Table): number {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const targets = table.fields.map((field) => this.#target(field));
    const tableAt = Math.ceil((4 + 2 * targets.length) / 4) * 4;
    const sizes = table.fields.map((field) => (field instanceof Uint8Array ? field.length : 4));
    const part = Buffer.alloc(tableAt + sizes.reduce((sum, size) => sum + Math.ceil(size / 4) * 4, 4));
    part.writeUInt16LE(4 + 2 * targets.length, 0);
    part.writeUInt16LE(part.length - tableAt, 2);
    part.writeInt32LE(tableAt, tableAt);
    let at = tableAt + 4;
    for (const [i, field] of table.fields.entries()) {
      if (field === undefined) continue;
      part.writeUInt16LE(at - tableAt, 4 + 2 * i);
      if (field instanceof Uint8Array) part.set(field, at);
      else part.writeUInt32LE(this.#length + part.length - at - targets[i], at);
      at += Math.ceil(sizes[i] / 4) * 4;
    }
    const place = this.#put(part) - tableAt;
    this.#tables.set(table, place);
    return place;
  }

  #target(field: Field): number {
    if (field === undefined || field instanceof Uint8Array) return 0;
    if ('fields' in field) return this.#table(field);
    if ('bytes' in field) {
      const part = Buffer.alloc(4 + field.bytes.length);
      part.writeUInt32LE(field.count);
      part.set(field.bytes, 4);
      return this.#put(part);
    }
    const targets = field.map((table) => this.#table(table));
    const part = Buffer.alloc(4 + 4 * targets.length);
    part.writeUInt32LE(targets.length);
    for (const [i, target] of targets.entries()) {
      const at = 4 + 4 * i;
      part.writeUInt32LE(this.#length + part.length - at - target, at);
    }
    return this.#put(part);
  }
}
