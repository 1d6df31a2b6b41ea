/** Bytes of little-endian numbers in the order of the classic formats, big-endian. Always a copy. */
export function bigEndian(values: ArrayBufferView, width: number): Uint8Array {
  const bytes = Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (width === 2) return bytes.swap16();
  if (width === 4) return bytes.swap32();
  return width === 8 ? bytes.swap64() : bytes;
}
