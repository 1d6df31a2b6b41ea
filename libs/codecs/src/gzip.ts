import { gzipSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { deflatedBound, inflate, levelOf } from './inflate.ts';

/** The gzip format (RFC 1952), of one or several members: Zarr v3 "gzip", numcodecs "gzip". `level` is 0 to 9. */
export const gzipCodec: Codec = {
  name: 'gzip',
  decode: (bytes, _configuration, decodedLength) => inflate('gzip', 'gzip', bytes, decodedLength),
  encode: (bytes, configuration) => gzipSync(bytes, { level: levelOf(configuration) }),
  encodedBound: deflatedBound,
};
