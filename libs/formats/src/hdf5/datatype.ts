import type { FieldCursor } from './field-cursor.ts';

export type StringPadding = 'terminated' | 'null' | 'space';

/** A datatype message, as deep as it is nested (HDF5 File Format Specification 3.0, IV.A.2.d). `size` is in bytes. */
export type Datatype =
  | {
      class: 'integer' | 'bitfield';
      size: number;
      bigEndian: boolean;
      signed: boolean;
      bitOffset: number;
      precision: number;
    }
  | FloatType
  | { class: 'string'; size: number; padding: StringPadding }
  | { class: 'opaque'; size: number; tag: string }
  | { class: 'compound'; size: number; members: { name: string; offset: number; type: Datatype }[] }
  | { class: 'reference'; size: number; toObject: boolean }
  | { class: 'enum'; size: number; base: Datatype }
  | { class: 'vlen'; size: number; text: boolean; padding: StringPadding; base: Datatype }
  | { class: 'array'; size: number; shape: number[]; base: Datatype }
  | { class: 'time' | 'complex'; size: number };

export interface FloatType {
  class: 'float';
  size: number;
  byteOrder: 'little' | 'big' | 'vax';
  bitOffset: number;
  precision: number;
  /** Bit positions count from the lowest bit of the element, its offset included. */
  sign: number;
  exponent: { location: number; size: number; bias: number };
  mantissa: { location: number; size: number; implied: boolean };
}

const deepestNesting = 32;
const paddings: readonly StringPadding[] = ['terminated', 'null', 'space'];

/** Parses a datatype message of version 1 to 5. Throws FORMAT_CORRUPT. */
export function parseDatatype(cursor: FieldCursor, depth = 0): Datatype {
  if (depth > deepestNesting)
    throw cursor.corrupt(`types nested at most ${deepestNesting} deep`, 'deeper ones');
  const classAndVersion = cursor.uint8();
  const version = classAndVersion >> 4;
  if (version < 1 || version > 5)
    throw cursor.corrupt('version 1 to 5 of the datatype message', `version ${version}`);
  const bits = cursor.uint(3);
  const size = atLeastOne(cursor, cursor.uint32());
  const nested = () => parseDatatype(cursor, depth + 1);
  switch (classAndVersion & 0x0f) {
    case 0:
      return parseIntegerType('integer', cursor, bits, size);
    case 1:
      return parseFloatType(cursor, bits, size);
    case 2:
      cursor.skip(2);
      return { class: 'time', size };
    case 3:
      return { class: 'string', size, padding: paddings[bits & 0x0f] ?? 'null' };
    case 4:
      return parseIntegerType('bitfield', cursor, bits, size);
    case 5:
      return { class: 'opaque', size, tag: cursor.paddedText(bits & 0xff) };
    case 6:
      return { class: 'compound', size, members: parseMembers(cursor, version, bits & 0xffff, size, depth) };
    case 7:
      // 0 and 2 refer to objects, the others to regions and attributes.
      return { class: 'reference', size, toObject: (bits & 0x0f) === 0 };
    case 8:
      return parseEnum(cursor, version, bits & 0xffff, nested());
    case 9: {
      const padding = paddings[(bits >> 4) & 0x0f] ?? 'null';
      return { class: 'vlen', size, text: (bits & 0x0f) === 1, padding, base: nested() };
    }
    case 10:
      return parseArray(cursor, version, size, nested);
    case 11:
      nested();
      return { class: 'complex', size };
    default:
      throw cursor.corrupt('a datatype class from 0 to 11', `class ${classAndVersion & 0x0f}`);
  }
}

function parseIntegerType(
  kind: 'integer' | 'bitfield',
  cursor: FieldCursor,
  bits: number,
  size: number,
): Datatype {
  const bitOffset = cursor.uint16();
  const precision = cursor.uint16();
  const signed = kind === 'integer' && (bits & 0x08) !== 0;
  return {
    class: kind,
    size,
    bigEndian: (bits & 1) !== 0,
    signed,
    bitOffset,
    precision,
  };
}

function parseFloatType(cursor: FieldCursor, bits: number, size: number): FloatType {
  const bitOffset = cursor.uint16();
  const precision = cursor.uint16();
  const [exponentLocation, exponentSize, mantissaLocation, mantissaSize] = cursor.bytes(4);
  const bias = cursor.uint32();
  const byteOrder = (bits & 0x41) === 0x41 ? 'vax' : (bits & 1) !== 0 ? 'big' : 'little';
  return {
    class: 'float',
    size,
    byteOrder,
    bitOffset,
    precision,
    sign: (bits >> 8) & 0xff,
    exponent: { location: exponentLocation, size: exponentSize, bias },
    mantissa: { location: mantissaLocation, size: mantissaSize, implied: ((bits >> 4) & 3) === 2 },
  };
}

function parseMembers(cursor: FieldCursor, version: number, count: number, size: number, depth: number) {
  return Array.from({ length: count }, () => {
    const name = memberName(cursor, version);
    const offset = version >= 3 ? cursor.uint(bytesFor(size)) : cursor.uint32();
    let shape: number[] = [];
    if (version === 1) {
      const rank = Math.min(4, cursor.uint8());
      cursor.skip(3 + 4 + 4);
      shape = [0, 1, 2, 3].map(() => cursor.uint32()).slice(0, rank);
    }
    const base = parseDatatype(cursor, depth + 1);
    const type: Datatype =
      shape.length === 0
        ? base
        : { class: 'array', size: shape.reduce((a, b) => a * b, base.size), shape, base };
    return { name, offset, type };
  });
}

function parseEnum(cursor: FieldCursor, version: number, count: number, base: Datatype): Datatype {
  for (let i = 0; i < count; i++) memberName(cursor, version);
  cursor.skip(count * base.size);
  return { class: 'enum', size: base.size, base };
}

function parseArray(cursor: FieldCursor, version: number, size: number, nested: () => Datatype): Datatype {
  const rank = cursor.uint8();
  if (version < 3) cursor.skip(3);
  const shape = Array.from({ length: rank }, () => cursor.uint32());
  if (version < 3) cursor.skip(4 * rank);
  const base = nested();
  if (shape.reduce((product, extent) => product * extent, base.size) !== size) {
    throw cursor.corrupt(
      `an array type of ${size} bytes`,
      `[${shape.join(', ')}] elements of ${base.size} bytes`,
    );
  }
  return { class: 'array', size, shape, base };
}

/** Before version 3, names are padded to a multiple of eight bytes, their zero byte included. */
function memberName(cursor: FieldCursor, version: number): string {
  const start = cursor.position;
  const name = cursor.terminatedText();
  if (version < 3) cursor.skip((8 - ((cursor.position - start) % 8)) % 8);
  return name;
}

function bytesFor(size: number): number {
  return size < 2 ** 8 ? 1 : size < 2 ** 16 ? 2 : size < 2 ** 24 ? 3 : 4;
}

function atLeastOne(cursor: FieldCursor, size: number): number {
  if (size > 0) return size;
  throw cursor.corrupt('elements of at least one byte', 'a size of 0');
}
