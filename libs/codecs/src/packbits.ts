import type { Codec } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';

/** numcodecs "packbits": how many bits of the last byte mean nothing, then eight booleans a byte, first in the highest bit. */
export const packbitsCodec: Codec = {
  name: 'packbits',
  decode(bytes, _configuration, decodedLength) {
    const padding = bytes[0];
    const bits = (bytes.length - 1) * 8 - padding;
    if (bytes.length === 0 || padding > 7 || bits < 0 || bits > decodedLength) {
      throw codecCorrupt('packbits', `at most ${decodedLength} bits`, `${bytes.length} bytes`);
    }
    const result = new Uint8Array(bits);
    for (let i = 0; i < bits; i++) result[i] = (bytes[1 + (i >>> 3)] >>> (7 - (i & 7))) & 1;
    return result;
  },
  encode(bytes) {
    const result = new Uint8Array(1 + Math.ceil(bytes.length / 8));
    result[0] = (8 - (bytes.length % 8)) % 8;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) result[1 + (i >>> 3)] |= 0x80 >>> (i & 7);
    return result;
  },
  encodedBound: (decodedLength) => 1 + Math.ceil(decodedLength / 8),
};
