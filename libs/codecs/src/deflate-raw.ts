import { deflateRawSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { deflatedBound, inflate, levelOf } from './inflate.ts';

/** A deflate stream without a frame (RFC 1951): members of a zip archive. `level` is 0 to 9. */
export const deflateRawCodec: Codec = {
  name: 'deflate_raw',
  decode: (bytes, _configuration, decodedLength) => inflate('deflate_raw', 'raw', bytes, decodedLength),
  encode: (bytes, configuration) => deflateRawSync(bytes, { level: levelOf(configuration) }),
  encodedBound: deflatedBound,
};
