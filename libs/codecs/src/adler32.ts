import { storedChecksumCodec } from './stored-checksum.ts';

// So many bytes can be added before the second sum must be reduced: it stays below 2^53 by far, and below 2^32.
const bytesPerReduction = 5552;
const largestPrime = 65521;

/** numcodecs "adler32": Adler-32 (RFC 1950, section 2.2), before the data unless `location` is "end". */
export const adler32Codec = storedChecksumCodec('adler32', adler32, 'start');

function adler32(bytes: Uint8Array): number {
  let sum1 = 1;
  let sum2 = 0;
  for (let start = 0; start < bytes.length; start += bytesPerReduction) {
    const end = Math.min(bytes.length, start + bytesPerReduction);
    for (let i = start; i < end; i++) {
      sum1 += bytes[i];
      sum2 += sum1;
    }
    sum1 %= largestPrime;
    sum2 %= largestPrime;
  }
  return ((sum2 << 16) | sum1) >>> 0;
}
