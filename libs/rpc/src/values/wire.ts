/** The wire format of protobuf, as far as fields of bytes are taken from messages (protobuf.dev, "Encoding"). */

/** Types of fields. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

const fixedBytes = new Map([
  [wireType.fixed64, 8],
  [wireType.fixed32, 4],
]);

/**
 * Views of the fields of bytes with the given numbers, in that order, undefined where there is none; and the message without them. Of a field that
 * comes twice the last one counts. Throws RangeError where the message is cut off or has types that there are none of.
 */
export function takeBytes(
  message: Buffer,
  fields: readonly number[],
): { taken: (Buffer | undefined)[]; rest: Buffer } {
  const taken: (Buffer | undefined)[] = fields.map(() => undefined);
  const rest: Buffer[] = [];
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const start = cursor.at;
    const tag = readVarint(message, cursor);
    const type = tag % 8;
    const length = type === wireType.bytes ? readVarint(message, cursor) : (fixedBytes.get(type) ?? 0);
    if (type === wireType.varint) readVarint(message, cursor);
    else if (type !== wireType.bytes && !fixedBytes.has(type))
      throw new RangeError(`frame: unexpected wire type ${type}`);
    const end = cursor.at + length;
    if (end > message.length) throw new RangeError('frame: its bytes are cut off');
    const index = type === wireType.bytes ? fields.indexOf(Math.floor(tag / 8)) : -1;
    if (index === -1) rest.push(message.subarray(start, end));
    else taken[index] = message.subarray(cursor.at, end);
    cursor.at = end;
  }
  return { taken, rest: Buffer.concat(rest) };
}

/** Bytes that a number takes as a varint. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes a varint; returns where the next byte goes. */
export function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80;
  target[at++] = rest;
  return at;
}

/** Numbers past 2^53 come out rounded: what is read here is skipped, or held to the length of the message. */
function readVarint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 63; scale *= 0x80) {
    if (cursor.at >= bytes.length) throw new RangeError('frame: it is cut off');
    const byte = bytes[cursor.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  throw new RangeError('frame: a number is too large');
}
