import { crc32 } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';

/**
 * A frame: what one write of a journal makes durable, and what a snapshot is made of.
 *
 *     magic "HJF1" | payload length, uint32 | CRC-32 of length and payload, uint32 | payload
 *
 * Numbers are little-endian. The payload is an AppendRequest, so that journals can be read with the .proto files alone.
 */
const magic = Buffer.from('HJF1');
export const frameHeaderBytes = 12;

/** Largest payload, bytes; a length beyond it is damage. */
const maxPayloadBytes = 128 * 2 ** 20;

/** A payload as a frame. @throws HyperslabError TOO_LARGE */
export function encodeFrame(payload: Uint8Array): Buffer {
  if (payload.length > maxPayloadBytes)
    throw new HyperslabError(
      'TOO_LARGE',
      `entries of ${payload.length} bytes: expected at most ${maxPayloadBytes}`,
    );
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  magic.copy(frame);
  frame.writeUInt32LE(payload.length, 4);
  frame.set(payload, frameHeaderBytes);
  frame.writeUInt32LE(checksum(frame), 8);
  return frame;
}

/** Length of the payload that a header announces; undefined when it is no header. */
export function announcedLength(header: Buffer): number | undefined {
  if (header.length < frameHeaderBytes || !header.subarray(0, 4).equals(magic)) return undefined;
  const length = header.readUInt32LE(4);
  return length <= maxPayloadBytes ? length : undefined;
}

/** Payload of a whole frame; undefined when it is not what was written. */
export function decodeFrame(frame: Buffer): Buffer | undefined {
  const length = announcedLength(frame);
  if (length === undefined || frame.length !== frameHeaderBytes + length) return undefined;
  return frame.readUInt32LE(8) === checksum(frame) ? frame.subarray(frameHeaderBytes) : undefined;
}

/** Offset of the next whole frame at or after `from`; -1 when there is none. */
export function findFrame(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(magic, from); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    const length = announcedLength(bytes.subarray(at));
    if (length === undefined || at + frameHeaderBytes + length > bytes.length) continue;
    if (decodeFrame(bytes.subarray(at, at + frameHeaderBytes + length))) return at;
  }
  return -1;
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(frameHeaderBytes), crc32(frame.subarray(4, 8)));
}
