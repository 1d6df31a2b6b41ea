import { ArrayFrame, BlockFrame } from '@hyperslab/proto/worker';
import { takeBytes, varintLength, wireType, writeVarint } from './wire.ts';

/**
 * Frames with values on the wire, without the copies of the generated code: two on the way out and one on the way in (measured: half the
 * throughput). The messages are the same.
 */
const none = Buffer.alloc(0);
const field = { arrayData: 3, arrayMask: 4, blockData: 1 };

const copyBytes = Buffer.prototype.copy;

/** Room for a frame of 1 MiB; memory that is new for each message would cost more than the copy. */
let room = Buffer.allocUnsafeSlow(2 ** 20 + 4096);

/** Encodes an ArrayFrame into memory that the next frame is encoded into: gRPC has copied it behind its five bytes of header by then. */
export function encodeArrayFrame(frame: ArrayFrame): Buffer {
  const head = ArrayFrame.encode({ ...frame, data: none, mask: none }).finish();
  return join(head, [
    [field.arrayData, frame.data],
    [field.arrayMask, frame.mask],
  ]);
}

/** Encodes a BlockFrame, as `encodeArrayFrame`. */
export function encodeBlockFrame(frame: BlockFrame): Buffer {
  const head = BlockFrame.encode({ ...frame, data: none }).finish();
  return join(head, [[field.blockData, frame.data]]);
}

/** Decodes an ArrayFrame; its data and mask are views of the bytes. Throws RangeError for what is none. */
export function decodeArrayFrame(bytes: Buffer): ArrayFrame {
  const { taken, rest } = takeBytes(bytes, [field.arrayData, field.arrayMask]);
  const [data = none, mask = none] = taken;
  return Object.assign(
    refusing(() => ArrayFrame.decode(rest)),
    { data, mask },
  );
}

/** Decodes a BlockFrame; its data is a view of the bytes. Throws RangeError for what is none. */
export function decodeBlockFrame(bytes: Buffer): BlockFrame {
  const { taken, rest } = takeBytes(bytes, [field.blockData]);
  const [data = none] = taken;
  return Object.assign(
    refusing(() => BlockFrame.decode(rest)),
    { data },
  );
}

function join(head: Uint8Array, fields: readonly (readonly [field: number, bytes: Uint8Array])[]): Buffer {
  const present = fields.filter(([, bytes]) => bytes.length > 0);
  const length = present.reduce(
    (sum, [, bytes]) => sum + 1 + varintLength(bytes.length) + bytes.length,
    head.length,
  );
  if (length > room.length) room = Buffer.allocUnsafeSlow(length);
  const message = room.subarray(0, length);
  message.set(head, 0);
  let at = head.length;
  for (const [number, bytes] of present) {
    message[at++] = (number << 3) | wireType.bytes;
    at = writeVarint(message, at, bytes.length);
    // `set` copies shared memory word by word.
    copyBytes.call(bytes, message, at);
    at += bytes.length;
  }
  return message;
}

/** What the generated code throws for damaged bytes is of no type of its own. */
function refusing<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new RangeError(`frame: ${error instanceof Error ? error.message : String(error)}`);
  }
}
