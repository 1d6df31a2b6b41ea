import { type DataType, isFloat, itemSize } from '@hyperslab/array';
import { ByteWriter } from './byte-writer.ts';

/*
 * Datatype messages (HDF5 File Format Specification, IV.A.2.d). Version 1 does for atomic types; version 3 has
 * compounds without padding.
 */
const fixedPoint = 0x10;
const floatingPoint = 0x11;
const fixedString = 0x13;
const reference = 0x17;
const variableLength = 0x19;
const compound = 0x36;
const utf8 = 1;

/** Type of a netCDF variable or attribute: `char` is a string of one byte, `string` a variable-length one. */
export function datatypeOf(dtype: DataType): Uint8Array {
  if (dtype === 'char') return textType(1, false);
  if (dtype === 'string') return variableText();
  return isFloat(dtype) ? floatType(itemSize(dtype)) : integerType(itemSize(dtype), !dtype.startsWith('u'));
}

/** Bytes of an element in the file: a variable-length string is a length and a reference into a global heap. */
export function storedSize(dtype: DataType): number {
  return dtype === 'string' ? variableLengthSize : itemSize(dtype);
}

/** Bytes of a variable-length element: length, heap address, object number. */
export const variableLengthSize = 16;

/** Text of fixed length, null-terminated as netCDF writes its attributes. */
export function textType(size: number, isUtf8: boolean): Uint8Array {
  return new ByteWriter()
    .u8(fixedString)
    .u8(isUtf8 ? utf8 << 4 : 0)
    .u16(0)
    .u32(size)
    .toBytes();
}

function integerType(size: number, signed: boolean): Uint8Array {
  return new ByteWriter()
    .u8(fixedPoint)
    .u8(signed ? 0x08 : 0)
    .u16(0)
    .u32(size)
    .u16(0)
    .u16(size * 8)
    .toBytes();
}

function floatType(size: number): Uint8Array {
  const [exponentAt, exponentBits, bias] = size === 4 ? [23, 8, 127] : [52, 11, 1023];
  const impliedLeadingBit = 0x20;
  return new ByteWriter()
    .u8(floatingPoint)
    .u8(impliedLeadingBit)
    .u8(size * 8 - 1)
    .u8(0)
    .u32(size)
    .u16(0)
    .u16(size * 8)
    .u8(exponentAt)
    .u8(exponentBits)
    .u8(0)
    .u8(exponentAt)
    .u32(bias)
    .toBytes();
}

/** The type of dimensions that have no variable: netCDF takes big-endian float32, of which nothing is ever stored. */
export function placeholderType(): Uint8Array {
  const type = floatType(4);
  type[1] |= 1;
  return type;
}

/** Reference to an object by its address. */
function objectReferenceType(): Uint8Array {
  return new ByteWriter().u8(reference).zeros(3).u32(8).toBytes();
}

/** Sequences of object references, the type of DIMENSION_LIST. */
export function referenceListType(): Uint8Array {
  return new ByteWriter()
    .u8(variableLength)
    .zeros(3)
    .u32(variableLengthSize)
    .bytes(objectReferenceType())
    .toBytes();
}

function variableText(): Uint8Array {
  const isString = 1;
  return new ByteWriter()
    .u8(variableLength)
    .u8(isString)
    .u8(utf8)
    .u8(0)
    .u32(variableLengthSize)
    .bytes(integerType(1, false))
    .toBytes();
}

/** Bytes of an element of `scaleUserType`: what a C compiler makes of the pair. */
export const scaleUserSize = 16;

/** A dataset and which of its dimensions: the type of REFERENCE_LIST. */
export function scaleUserType(): Uint8Array {
  return new ByteWriter()
    .u8(compound)
    .u16(2)
    .u8(0)
    .u32(scaleUserSize)
    .text('dataset\0')
    .u8(0)
    .bytes(objectReferenceType())
    .text('dimension\0')
    .u8(8)
    .bytes(integerType(4, false))
    .toBytes();
}
