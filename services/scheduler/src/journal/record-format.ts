import { crc32 } from 'node:zlib';

/** Length and CRC-32 (IEEE 802.3) of what follows, both uint32 little-endian. */
const headerBytes = 8;
/** No event is larger; a length beyond it is damage. */
const longestRecord = 64 * 2 ** 20;
/** A record takes at most this many bytes. */
export const mostRecordBytes = headerBytes + longestRecord;

/** Bytes of a record with so long a payload. */
export function recordBytes(payload: number): number {
  return headerBytes + payload;
}

/** A record as it lies in a journal file. */
export function encodeRecord(payload: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(headerBytes + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(payload), 4);
  record.set(payload, headerBytes);
  return record;
}

/**
 * The records of a journal file up to the first that is cut off or damaged: a crash tears only what was never
 * acknowledged. `length` is where the whole records end.
 */
export function decodeRecords(file: Buffer): { payloads: Buffer[]; length: number } {
  const payloads: Buffer[] = [];
  let at = 0;
  while (at + headerBytes <= file.length) {
    const length = file.readUInt32LE(at);
    const end = at + headerBytes + length;
    if (length > longestRecord || end > file.length) break;
    const payload = file.subarray(at + headerBytes, end);
    if (crc32(payload) !== file.readUInt32LE(at + 4)) break;
    payloads.push(payload);
    at = end;
  }
  return { payloads, length: at };
}
