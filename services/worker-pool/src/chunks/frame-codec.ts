import { ArrayFrame, BlockFrame } from '@hyperslab/proto/worker';

/**
 * Protobuf with bytes that are copied once on the way out and not at all on the way in; the generated code copies them
 * twice and once (measured: half the throughput). The messages are the same on the wire.
 */
const wire = { varint: 0, bytes: 2 };
const none = Buffer.alloc(0);

export function encodeArrayFrame(frame: ArrayFrame): Buffer {
  const head = ArrayFrame.encode({ ...frame, data: none, mask: none }).finish();
  return concat(head, [
    [3, frame.data],
    [4, frame.mask],
  ]);
}

export function encodeBlockFrame(frame: BlockFrame): Buffer {
  const head = BlockFrame.encode({ ...frame, data: none }).finish();
  return concat(head, [[1, frame.data]]);
}

/** Decodes a BlockFrame; its data is a view of the bytes. Throws RangeError for what is none. */
export function decodeBlockFrame(bytes: Buffer): BlockFrame {
  const frame: BlockFrame = { data: none, totalBytes: 0, kernelVersion: '' };
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(bytes, cursor);
    const [field, type] = [tag >>> 3, tag & 7];
    if (type === wire.bytes) {
      const length = readVarint(bytes, cursor);
      const end = cursor.at + length;
      if (end > bytes.length) throw new RangeError('block frame: its bytes are cut off');
      if (field === 1) frame.data = bytes.subarray(cursor.at, end);
      if (field === 4) frame.kernelVersion = bytes.toString('utf8', cursor.at, end);
      cursor.at = end;
    } else if (type === wire.varint) {
      const value = readVarint(bytes, cursor);
      if (field === 2) frame.totalBytes = value;
      if (field === 3) frame.crc32 = value;
    } else throw new RangeError(`block frame: unexpected wire type ${type}`);
  }
  return frame;
}

function concat(head: Uint8Array, fields: readonly (readonly [field: number, bytes: Uint8Array])[]): Buffer {
  const present = fields.filter(([, bytes]) => bytes.length > 0);
  const length = present.reduce(
    (sum, [, bytes]) => sum + 1 + varintLength(bytes.length) + bytes.length,
    head.length,
  );
  const message = Buffer.allocUnsafe(length);
  message.set(head, 0);
  let at = head.length;
  for (const [field, bytes] of present) {
    message[at++] = (field << 3) | wire.bytes;
    at = writeVarint(message, at, bytes.length);
    message.set(bytes, at);
    at += bytes.length;
  }
  return message;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80;
  target[at++] = rest;
  return at;
}

function readVarint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 56; scale *= 0x80) {
    if (cursor.at >= bytes.length) throw new RangeError('block frame: it is cut off');
    const byte = bytes[cursor.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      if (!Number.isSafeInteger(value)) break;
      return value;
    }
  }
  throw new RangeError('block frame: a number is too large');
}
