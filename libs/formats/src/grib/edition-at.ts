/** Octets from the beginning of a message that tell whether it is one. */
export const telltaleOctets = 36;

/**
 * The edition of the message that begins at a position; undefined when none does. Bytes between messages, and packed data
 * of other formats, hold GRIB by chance: what follows must look like sections 0 and 1.
 */
export function editionAt(bytes: Uint8Array, at: number): 1 | 2 | undefined {
  if (at + telltaleOctets > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, telltaleOctets);
  if (view.getUint32(0) !== 0x47524942) return undefined;
  const edition = view.getUint8(7);
  if (edition === 1) {
    const length = view.getUint32(8) >>> 8;
    const [month, day, hour] = [21, 22, 23].map((octet) => view.getUint8(octet));
    return length >= 28 && length < 16384 && month <= 12 && day <= 31 && hour <= 24 ? 1 : undefined;
  }
  if (edition !== 2) return undefined;
  const length = view.getUint32(16);
  return length >= 21 && length < 65536 && view.getUint8(20) === 1 ? 2 : undefined;
}

/** Where the first message in some bytes begins; -1 when none does. */
export function findMessage(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf('GRIB', 0, 'latin1'); at >= 0; at = buffer.indexOf('GRIB', at + 4, 'latin1')) {
    if (editionAt(bytes, at) !== undefined) return at;
  }
  return -1;
}
