import { ByteWriter, undefinedAddress } from './byte-writer.ts';
import { type HeaderMessage, messageTypes } from './object-header.ts';

/** A name in a group. */
export interface Link {
  name: string;
  /** Address of the object header. */
  address: number;
}

/** Messages that make an object a group whose links lie in its header, in the order of their making (IV.A.2.c, g, k). */
export function groupMessages(links: readonly Link[]): HeaderMessage[] {
  const tracksAndIndexesOrder = 0x03;
  const info = new ByteWriter()
    .u8(0)
    .u8(tracksAndIndexesOrder)
    .u64(links.length)
    .u64(undefinedAddress)
    .u64(undefinedAddress)
    .u64(undefinedAddress)
    .toBytes();
  return [
    { type: messageTypes.linkInfo, body: info },
    { type: messageTypes.groupInfo, body: new Uint8Array(2), constant: true },
    ...links.map(linkMessage),
  ];
}

function linkMessage({ name, address }: Link, order: number): HeaderMessage {
  const text = new TextEncoder().encode(name);
  const nameLengthInTwoBytes = 0x01;
  const hasOrder = 0x04;
  const hasCharacterSet = 0x10;
  const body = new ByteWriter()
    .u8(1)
    .u8(nameLengthInTwoBytes | hasOrder | hasCharacterSet)
    .u64(order)
    .u8(text.length === name.length ? 0 : 1)
    .u16(text.length)
    .bytes(text)
    .u64(address)
    .toBytes();
  return { type: messageTypes.link, body };
}
