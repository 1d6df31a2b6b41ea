import { ByteWriter, undefinedAddress } from './byte-writer.ts';
import { type HeaderMessage, messageTypes } from './object-header.ts';

/** An attribute, its parts encoded. */
export interface EncodedAttribute {
  name: string;
  datatype: Uint8Array;
  dataspace: Uint8Array;
  data: Uint8Array;
}

/** Attribute message, version 3 (HDF5 File Format Specification, IV.A.2.m). */
export function attributeMessage({ name, datatype, dataspace, data }: EncodedAttribute): HeaderMessage {
  const text = new TextEncoder().encode(`${name}\0`);
  const isUtf8 = text.length !== name.length + 1;
  const body = new ByteWriter()
    .u8(3)
    .u8(0)
    .u16(text.length)
    .u16(datatype.length)
    .u16(dataspace.length)
    .u8(isUtf8 ? 1 : 0)
    .bytes(text)
    .bytes(datatype)
    .bytes(dataspace)
    .bytes(data)
    .toBytes();
  return { type: messageTypes.attribute, body };
}

/** Attribute Info message: attributes are messages of the header, in the order of their making. */
export function attributeInfoMessage(count: number): HeaderMessage {
  const tracksAndIndexesOrder = 0x03;
  const body = new ByteWriter()
    .u8(0)
    .u8(tracksAndIndexesOrder)
    .u16(count)
    .u64(undefinedAddress)
    .u64(undefinedAddress)
    .u64(undefinedAddress)
    .toBytes();
  return { type: messageTypes.attributeInfo, body };
}
