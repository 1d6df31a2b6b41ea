import type { ByteCursor } from '../byte-cursor.ts';

/** The fields that a header is made of, in the widths of one version of the format. */
export interface HeaderFields {
  readonly cursor: ByteCursor;
  readonly version: number;
  /** Width of a count: 4, or 8 in CDF-5. */
  readonly countBytes: number;
  /** A count, a length or a number of a dimension: NON_NEG. */
  count(): number;
  /** A count of things of at least `bytesEach` bytes; FORMAT_CORRUPT when the file can't hold so many. */
  boundedCount(what: string, bytesEach: number): number;
  /** numrecs: undefined for STREAMING. */
  recordCount(): number | undefined;
  /** OFFSET: 4 bytes in CDF-1, 8 in the others. */
  offset(): number;
  skipSize(): void;
  /** A name: its length, UTF-8, padding to four bytes. */
  name(): string;
  /** ABSENT or a tag, a count and as many elements. */
  list<T>(tag: number, what: string, readElement: () => T): T[];
}

/** The fewest bytes that a dimension, attribute or variable takes: a name's length, a number, a count. */
const fewestElementBytes = 12;

/** Fields of CDF-1, CDF-2 or CDF-5. Throws FORMAT_CORRUPT for another version. */
export function headerFields(cursor: ByteCursor, version: number, fileBytes: number): HeaderFields {
  const countBytes = version === 5 ? 8 : 4;
  const offsetBytes = version === 1 ? 4 : 8;

  function signed(bytes: number, what: string): number {
    const value = bytes === 4 ? cursor.int32() : Number(cursor.bigInt64());
    if (value >= 0 && Number.isSafeInteger(value)) return value;
    cursor.position -= bytes;
    throw cursor.corrupt(`${what} of at least 0 and below 2^53`, String(value));
  }
  const count = () => signed(countBytes, 'a count');

  function boundedCount(what: string, bytesEach: number): number {
    const start = cursor.position;
    const value = count();
    const most = Math.floor((fileBytes - cursor.offset) / bytesEach);
    if (value <= most) return value;
    cursor.position = start;
    throw cursor.corrupt(`at most ${most} of ${what}, as many as the file can hold`, String(value));
  }

  return {
    cursor,
    version,
    countBytes,
    count,
    boundedCount,
    recordCount() {
      const start = cursor.position;
      const streaming = cursor.bytes(countBytes).every((byte) => byte === 0xff);
      if (streaming) return undefined;
      cursor.position = start;
      return signed(countBytes, 'a number of records');
    },
    offset: () => signed(offsetBytes, 'an offset'),
    skipSize: () => cursor.skip(countBytes),
    name() {
      const length = boundedCount('name bytes', 1);
      if (length === 0) throw cursor.corrupt('a name', 'an empty one');
      const name = cursor.text(length);
      cursor.skip(padding(length));
      return name;
    },
    list(tag, what, readElement) {
      const start = cursor.position;
      const found = cursor.uint32();
      const elements = boundedCount(`${what}s`, fewestElementBytes);
      if (found !== tag && (found !== 0 || elements !== 0)) {
        cursor.position = start;
        throw cursor.corrupt(
          `the list of ${what}s (tag ${tag}) or its absence (0, 0)`,
          `${found}, ${elements}`,
        );
      }
      const list = [];
      for (let i = 0; i < elements; i++) list.push(readElement());
      return list;
    },
  };
}

/** Bytes from the end of a field to the next multiple of four. */
export function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}
