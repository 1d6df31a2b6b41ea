import { crc32 } from 'node:zlib';
import { storedChecksumCodec } from './stored-checksum.ts';

/** numcodecs "crc32": the CRC-32 of zlib and PNG, before the data unless `location` is "end". */
export const crc32Codec = storedChecksumCodec('crc32', (bytes) => crc32(bytes), 'start');
