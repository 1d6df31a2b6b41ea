import type { ByteCursor } from '../byte-cursor.ts';

/** A value of Thrift's compact protocol. Whole numbers past 2^53 are NaN: no count or offset is one. */
export type ThriftValue = boolean | number | Uint8Array | ThriftValue[] | ThriftStruct;

/** Fields of a struct by their number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** Structs and lists in one another: metadata of Parquet have six levels. */
const mostDepth = 16;

const none: ThriftStruct = new Map();

/**
 * Reads a struct (Apache Thrift, "Thrift Compact protocol encoding"). Every element of a list takes at least a byte, so that what
 * is taken of memory follows from the bytes that there are. Throws FORMAT_CORRUPT.
 */
export function readStruct(cursor: ByteCursor, depth = 0): ThriftStruct {
  if (depth > mostDepth) throw cursor.corrupt(`at most ${mostDepth} structs in one another`, 'more');
  let fields: Map<number, ThriftValue> | undefined;
  let number = 0;
  for (;;) {
    const head = cursor.uint8();
    if (head === 0) return fields ?? none;
    number = head >> 4 === 0 ? zigZag(cursor) : number + (head >> 4);
    fields ??= new Map();
    fields.set(number, readValue(cursor, head & 15, depth));
  }
}

function readValue(cursor: ByteCursor, type: number, depth: number): ThriftValue {
  switch (type) {
    case 1:
    case 2:
      return type === 1;
    case 3:
      return cursor.int8();
    case 4:
    case 5:
    case 6:
      return zigZag(cursor);
    case 7:
      return cursor.float64();
    case 8:
      return cursor.bytes(readVarint(cursor));
    case 9:
    case 10:
      return readList(cursor, depth + 1);
    case 11:
      return readMap(cursor, depth + 1);
    case 12:
      return readStruct(cursor, depth + 1);
    case 13:
      return cursor.bytes(16);
    default:
      throw cursor.corrupt('a type of Thrift from 1 to 13', String(type));
  }
}

function readList(cursor: ByteCursor, depth: number): ThriftValue[] {
  const head = cursor.uint8();
  const count = head >> 4 === 15 ? readVarint(cursor) : head >> 4;
  return elements(cursor, count, [head & 15], depth);
}

/** Keys and values in turn. */
function readMap(cursor: ByteCursor, depth: number): ThriftValue[] {
  const count = readVarint(cursor);
  if (count === 0) return [];
  const types = cursor.uint8();
  return elements(cursor, 2 * count, [types >> 4, types & 15], depth);
}

function elements(cursor: ByteCursor, count: number, types: readonly number[], depth: number): ThriftValue[] {
  if (depth > mostDepth) throw cursor.corrupt(`at most ${mostDepth} lists in one another`, 'more');
  if (count > cursor.remaining) throw cursor.corrupt(`a list within ${cursor.remaining} bytes`, `${count}`);
  const values: ThriftValue[] = [];
  for (let at = 0; at < count; at++) {
    const type = types[at % types.length];
    // Outside of a struct, booleans are a byte each.
    values.push(type === 1 || type === 2 ? cursor.uint8() === 1 : readValue(cursor, type, depth));
  }
  return values;
}

/** A number of seven bits a byte, the lowest first; NaN past 2^53. Throws FORMAT_CORRUPT past 64 bits. */
export function readVarint(cursor: ByteCursor): number {
  const value = bigVarint(cursor);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.NaN : Number(value);
}

function zigZag(cursor: ByteCursor): number {
  const value = bigVarint(cursor);
  const signed = (value >> 1n) ^ -(value & 1n);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : Number.NaN;
}

function bigVarint(cursor: ByteCursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.uint8();
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw cursor.corrupt('a number of at most ten bytes', 'more');
}
