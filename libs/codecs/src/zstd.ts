import { zstdDecompressSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { checksumMismatch, codecCorrupt } from './codec-error.ts';

/** Bytes that one stored byte can stand for at most: four bytes are a block that repeats one byte 128 KiB times. */
export const zstdLargestRatio = 32768;

/** Zstandard frames (RFC 8878): HDF5's filter 32015, "zstd" of Zarr and numcodecs. Only read. */
export const zstdCodec: Codec = {
  name: 'zstd',
  decode: (bytes, _configuration, decodedLength) => decodeZstd('zstd', bytes, decodedLength),
  // The bound of the library, and a frame's header and checksum.
  encodedBound: (decodedLength) => decodedLength + Math.ceil(decodedLength / 256) + 64 + 22,
};

/** At most `mostBytes` bytes of Zstandard frames. Throws FORMAT_CORRUPT and CHECKSUM_MISMATCH, naming `codec`. */
export function decodeZstd(codec: string, bytes: Uint8Array, mostBytes: number): Uint8Array {
  const mostPossible = Math.min(mostBytes, bytes.length * zstdLargestRatio);
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, mostPossible) });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (/checksum/i.test(message)) {
      throw checksumMismatch(codec, 'the one that the frame ends with', 'another one', cause);
    }
    const isTooLarge = code === 'ERR_BUFFER_TOO_LARGE';
    const expected = isTooLarge
      ? `at most ${mostPossible} bytes to come out`
      : `a zstd frame of ${bytes.length} bytes`;
    throw codecCorrupt(codec, expected, isTooLarge ? 'more' : message, cause);
  }
}
