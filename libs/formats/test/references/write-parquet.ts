import { zstdCompressSync } from 'node:zlib';

/** A column whose values are bytes, in pages as they are given. */
export interface WrittenColumn {
  name: string;
  pages: Buffer[];
  /** What its metadata say of its length; that of its pages where it is not given. */
  length?: number;
}

/** A Parquet file of one column, zstd-packed and without nulls, of row groups that all name the same pages. */
export function writeParquet(
  { name, pages, length }: WrittenColumn,
  groupRows: readonly number[],
  padding = 0,
): Buffer {
  const chunk = Buffer.concat([...pages, Buffer.alloc(padding)]);
  const group = (rows: number) => {
    const text = [...varint(name.length), ...Buffer.from(name)];
    const column = struct([
      whole(1, 6),
      list(2, 5, [zigZag(0)]),
      list(3, 8, [text]),
      whole(4, 6),
      whole(5, rows),
      whole(6, 1),
      whole(7, length ?? chunk.length - padding),
      whole(9, 4),
    ]);
    return struct([list(1, 12, [struct([[3, 12, column]])]), whole(2, 1), whole(3, rows)]);
  };
  const schema = [
    struct([text(4, 'schema'), whole(5, 1)]),
    struct([whole(1, 6), whole(3, 0), text(4, name)]),
  ];
  const rows = groupRows.reduce((sum, count) => sum + count, 0);
  const metadata = struct([
    whole(1, 1),
    list(2, 12, schema),
    whole(3, rows),
    list(4, 12, groupRows.map(group)),
  ]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(metadata.length);
  trailer.write('PAR1', 4);
  return Buffer.concat([Buffer.from('PAR1'), chunk, Buffer.from(metadata), trailer]);
}

/** A page of plain values. */
export function plainPage(values: readonly Uint8Array[]): Buffer {
  return page(plain(values), [5, values.length, 0]);
}

/** A dictionary of values. */
export function dictionaryPage(values: readonly Uint8Array[]): Buffer {
  return page(plain(values), [7, values.length, 0]);
}

/** A page that names an entry of a dictionary `count` times. */
export function indexPage(index: number, count: number): Buffer {
  const run = [...varint(2 * count), index & 255, (index >> 8) & 255, (index >> 16) & 255];
  return page(Buffer.from([24, ...run]), [5, count, 8]);
}

function plain(values: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const value of values) {
    at = bytes.writeUInt32LE(value.length, at);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

function page(bytes: Buffer, [field, values, encoding]: [number, number, number]): Buffer {
  const packed = zstdCompressSync(bytes);
  const levels = field === 5 ? [whole(3, 3), whole(4, 3)] : [];
  const header = struct([
    whole(1, field === 5 ? 0 : 2),
    whole(2, bytes.length),
    whole(3, packed.length),
    [field, 12, struct([whole(1, values), whole(2, encoding), ...levels])],
  ]);
  return Buffer.concat([Buffer.from(header), packed]);
}

// Thrift's compact protocol.
type Field = [number: number, type: number, bytes: number[]];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function zigZag(value: number): number[] {
  return varint(2 * value);
}

function whole(number: number, value: number): Field {
  return [number, 6, zigZag(value)];
}

function text(number: number, value: string): Field {
  return [number, 8, [...varint(value.length), ...Buffer.from(value)]];
}

function list(number: number, type: number, items: number[][]): Field {
  return [number, 9, [0xf0 + type, ...varint(items.length), ...items.flat()]];
}

function struct(fields: readonly Field[]): number[] {
  let last = 0;
  const bytes = fields.flatMap(([number, type, value]) => {
    const head = ((number - last) << 4) | type;
    last = number;
    return [head, ...value];
  });
  return [...bytes, 0];
}
