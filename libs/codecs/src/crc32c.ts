import { storedChecksumCodec } from './stored-checksum.ts';

/** Castagnoli's polynomial, bits reversed (RFC 3720, section 12.1). */
const polynomial = 0x82f63b78;

/** Remainders of each byte, and of it followed by one to seven zero bytes: eight bytes are taken at once. */
const tables = remainderTables();

/** Zarr v3 "crc32c", numcodecs "crc32c": the data, then their CRC-32C, unless `location` is "start". */
export const crc32cCodec = storedChecksumCodec('crc32c', crc32c, 'end');

function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = ~0;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc =
      t7[crc & 0xff] ^
      t6[(crc >>> 8) & 0xff] ^
      t5[(crc >>> 16) & 0xff] ^
      t4[crc >>> 24] ^
      t3[bytes[i + 4]] ^
      t2[bytes[i + 5]] ^
      t1[bytes[i + 6]] ^
      t0[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function remainderTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[byte] = crc;
  }
  const all = [first];
  for (let zeros = 1; zeros < 8; zeros++) {
    all.push(all[zeros - 1].map((crc) => (crc >>> 8) ^ first[crc & 0xff]));
  }
  return all;
}
