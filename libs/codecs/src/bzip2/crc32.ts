const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let i = 0; i < 8; i++) remainder = remainder < 0 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  return remainder;
});

/** bzip2's checksum of a block: a CRC-32 whose most significant bits come first, unlike zlib's. */
export function bzip2Crc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc << 8) ^ table[(crc >>> 24) ^ byte];
  return ~crc >>> 0;
}
