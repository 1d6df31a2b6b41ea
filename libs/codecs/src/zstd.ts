import { constants, zstdDecompressSync } from 'node:zlib';
import type { Allocator } from '@hyperslab/kernels';
import type { Codec } from './codec.ts';
import { checksumMismatch, codecCorrupt } from './codec-error.ts';
import { decompressZstdNatively, libzstd } from './native/libzstd.ts';

/** Bytes that one stored byte can stand for at most: four bytes are a block that repeats one byte 128 KiB times. */
export const zstdLargestRatio = 32768;

const leastPiece = 1024;
/** No more is set aside at once for what may not come; what is larger comes in several pieces. */
const largestPiece = 2 ** 26;
/** Any window that the format has in practice (`zstd --ultra --long=31`), as the library takes them in one call: by default a stream refuses those beyond 128 MiB. */
const largestWindowLog = 31;

/** Zstandard frames (RFC 8878): HDF5's filter 32015, "zstd" of Zarr and numcodecs. Only read. */
export const zstdCodec: Codec = {
  name: 'zstd',
  decode: (bytes, _configuration, decodedLength, memory) => decodeZstd('zstd', bytes, decodedLength, memory),
  // The bound of the library, and a frame's header and checksum.
  encodedBound: (decodedLength) => decodedLength + Math.ceil(decodedLength / 256) + 64 + 22,
};

/** At most `mostBytes` bytes of Zstandard frames. Throws FORMAT_CORRUPT and CHECKSUM_MISMATCH, naming `codec`. */
export function decodeZstd(
  codec: string,
  bytes: Uint8Array,
  mostBytes: number,
  memory?: Allocator,
): Uint8Array {
  const mostPossible = Math.min(mostBytes, bytes.length * zstdLargestRatio);
  if (libzstd.functions !== undefined) {
    // Of memory that is not cleared, only what was written over is handed out.
    const into = (memory?.array('uint8', mostPossible) as Uint8Array) ?? Buffer.allocUnsafeSlow(mostPossible);
    const made = decompressZstdNatively(bytes, into);
    if (made !== undefined) return into.subarray(0, made);
  }
  return decodePortably(codec, bytes, mostPossible);
}

/** Undoes frames as `decodeZstd` does, into memory that is there: exactly so many bytes must come out. Where it throws, `into` may have been overwritten in part. */
export function decodeZstdInto(codec: string, bytes: Uint8Array, into: Uint8Array): void {
  if (decompressZstdNatively(bytes, into) === into.length) return;
  const decoded = decodePortably(codec, bytes, Math.min(into.length, bytes.length * zstdLargestRatio));
  if (decoded.length !== into.length)
    throw codecCorrupt(codec, `${into.length} bytes to come out`, String(decoded.length));
  into.set(decoded);
}

function decodePortably(codec: string, bytes: Uint8Array, mostBytes: number): Uint8Array {
  try {
    return zstdDecompressSync(bytes, {
      maxOutputLength: Math.max(1, mostBytes),
      // In one piece, mostly: by default it would come in pieces of 16 KiB, each a call.
      chunkSize: Math.min(largestPiece, Math.max(leastPiece, mostBytes + 1)),
      params: { [constants.ZSTD_d_windowLogMax]: largestWindowLog },
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (/checksum/i.test(message)) {
      throw checksumMismatch(codec, 'the one that the frame ends with', 'another one', cause);
    }
    const isTooLarge = code === 'ERR_BUFFER_TOO_LARGE';
    const expected = isTooLarge
      ? `at most ${mostBytes} bytes to come out`
      : `a zstd frame of ${bytes.length} bytes`;
    throw codecCorrupt(codec, expected, isTooLarge ? 'more' : message, cause);
  }
}
