import { HyperslabError } from '@hyperslab/errors';
import { ByteWriter } from './byte-writer.ts';
import { lookup3 } from './lookup3.ts';

/** Numbers of header messages (HDF5 File Format Specification, IV.A.2). */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  dataLayout: 0x08,
  groupInfo: 0x0a,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  attributeInfo: 0x15,
} as const;

/** One message of an object header. */
export interface HeaderMessage {
  type: (typeof messageTypes)[keyof typeof messageTypes];
  body: Uint8Array;
  /** Never changes once it is written: datatype and fill value. */
  constant?: boolean;
}

/** Largest body of a message: its length is a 16-bit number. */
const largestMessage = 0xffff;

const chunkSizeInFourBytes = 0x02;
const tracksAttributeOrder = 0x04;
const indexesAttributeOrder = 0x08;

/**
 * Object header, version 2, in one block (HDF5 File Format Specification, IV.A.1.b). Attributes keep their order.
 * @throws HyperslabError TOO_LARGE for a message over 64 KiB; `what` names the object
 */
export function objectHeader(messages: readonly HeaderMessage[], what: string): Uint8Array {
  const body = new ByteWriter(1024);
  let attributes = 0;
  for (const { type, body: bytes, constant } of messages) {
    if (bytes.length > largestMessage)
      throw new HyperslabError(
        'TOO_LARGE',
        `${what}: an attribute or link of ${bytes.length} bytes, expected at most ${largestMessage}; shorten it`,
        { object: what, bytes: String(bytes.length) },
      );
    body
      .u8(type)
      .u16(bytes.length)
      .u8(constant ? 1 : 0)
      .u16(type === messageTypes.attribute ? attributes++ : 0)
      .bytes(bytes);
  }
  const header = new ByteWriter(body.length + 16)
    .text('OHDR')
    .u8(2)
    .u8(chunkSizeInFourBytes | tracksAttributeOrder | indexesAttributeOrder)
    .u32(body.length)
    .bytes(body.toBytes());
  return header.u32(lookup3(header.toBytes())).toBytes();
}
