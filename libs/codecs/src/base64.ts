import type { Codec } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';

/** numcodecs "base64" (RFC 4648, section 4). */
export const base64Codec: Codec = {
  name: 'base64',
  decode(bytes, _configuration, decodedLength) {
    const decoded = Buffer.from(Buffer.from(bytes).toString('latin1'), 'base64');
    // Node skips what is no base64.
    if (bytes.length !== encodedLength(decoded.length) || decoded.length > decodedLength) {
      throw codecCorrupt(
        'base64',
        `base64 of at most ${decodedLength} bytes`,
        `${bytes.length} other characters`,
      );
    }
    return decoded;
  },
  encode: (bytes) => new TextEncoder().encode(Buffer.from(bytes).toString('base64')),
  encodedBound: encodedLength,
};

function encodedLength(decodedLength: number): number {
  return 4 * Math.ceil(decodedLength / 3);
}
