import { deflateSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { deflatedBound, inflate, levelOf } from './inflate.ts';

/** The zlib format (RFC 1950): HDF5's deflate filter, numcodecs "zlib". `level` is 0 to 9. */
export const deflateCodec: Codec = {
  name: 'deflate',
  decode: (bytes, _configuration, decodedLength, memory) =>
    inflate('deflate', 'zlib', bytes, decodedLength, memory),
  encode: (bytes, configuration) => deflateSync(bytes, { level: levelOf(configuration) }),
  encodedBound: deflatedBound,
};
