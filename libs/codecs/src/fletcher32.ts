import type { Codec } from './codec.ts';
import { checksumMismatch, codecCorrupt } from './codec-error.ts';

const checksumBytes = 4;

// So many 16-bit words can be added before the 32-bit sums must be folded: sum2 stays below 2^32.
const wordsPerFold = 360;

/** HDF5's checksum filter (H5Z_FILTER_FLETCHER32): the data, then their Fletcher-32 as uint32 little-endian. */
export const fletcher32Codec: Codec = {
  name: 'fletcher32',
  decode(bytes) {
    if (bytes.length < checksumBytes) {
      throw codecCorrupt('fletcher32', `at least ${checksumBytes} bytes`, `${bytes.length}`);
    }
    const end = bytes.length - checksumBytes;
    const stored = new DataView(bytes.buffer, bytes.byteOffset + end, checksumBytes).getUint32(0, true);
    const data = bytes.subarray(0, end);
    const computed = fletcher32(data);
    if (stored !== computed && stored !== swapHalves(computed)) {
      throw checksumMismatch('fletcher32', hex(stored), hex(computed));
    }
    return data;
  },
  encode(bytes) {
    const result = new Uint8Array(bytes.length + checksumBytes);
    result.set(bytes);
    new DataView(result.buffer).setUint32(bytes.length, fletcher32(bytes), true);
    return result;
  },
  encodedBound: (decodedLength) => decodedLength + checksumBytes,
};

/** Fletcher's checksum over big-endian 16-bit words; an odd last byte counts as the high half of a word. */
function fletcher32(bytes: Uint8Array): number {
  let sum1 = 0;
  let sum2 = 0;
  const even = bytes.length - (bytes.length % 2);
  for (let start = 0; start < even; start += 2 * wordsPerFold) {
    const end = Math.min(even, start + 2 * wordsPerFold);
    for (let i = start; i < end; i += 2) {
      sum1 += (bytes[i] << 8) | bytes[i + 1];
      sum2 += sum1;
    }
    sum1 = fold(sum1);
    sum2 = fold(sum2);
  }
  if (even < bytes.length) {
    sum1 = fold(sum1 + (bytes[even] << 8));
    sum2 = fold(sum2 + sum1);
  }
  return ((fold(sum2) << 16) | fold(sum1)) >>> 0;
}

function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}

// HDF5 before 1.6.3 wrote each half in the machine's byte order; its readers accept both ever since.
function swapHalves(checksum: number): number {
  return (((checksum & 0x00ff00ff) << 8) | ((checksum >>> 8) & 0x00ff00ff)) >>> 0;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
