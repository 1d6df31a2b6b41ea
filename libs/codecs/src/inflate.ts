import {
  constants,
  gunzipSync,
  type Inflate,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import type { Allocator } from '@hyperslab/kernels';
import { checksumMismatch, codecCorrupt } from './codec-error.ts';
import { type DeflateFrame, inflateNatively, libdeflate } from './native/libdeflate.ts';

// A deflate block spends at least two bits on 258 bytes (RFC 1951, section 3.2.5), so no stream grows by more.
const largestRatio = 1032;

const portable = { zlib: inflateSync, gzip: gunzipSync, raw: inflateRawSync };

/**
 * Undoes a deflate stream in a frame, to at most `decodedLength` bytes. All of `bytes` must be of the stream. Throws
 * FORMAT_CORRUPT and CHECKSUM_MISMATCH in the name of `codec`.
 */
export function inflate(
  codec: string,
  frame: DeflateFrame,
  bytes: Uint8Array,
  decodedLength: number,
  memory?: Allocator,
): Uint8Array {
  // Without this, a few hostile bytes would make us allocate all that their chunk shape claims.
  const mostBytes = Math.min(decodedLength, bytes.length * largestRatio);
  if (libdeflate.functions !== undefined) {
    // Of memory that is not cleared, only what was written over is handed out.
    const into = (memory?.array('uint8', mostBytes) as Uint8Array) ?? Buffer.allocUnsafeSlow(mostBytes);
    const written = inflateNatively(frame, bytes, into);
    if (written !== undefined) return into.subarray(0, written);
  }
  return inflatePortably(codec, frame, bytes, mostBytes);
}

/**
 * Undoes a deflate stream as `inflate` does, into memory that is there, which may be shared between threads or that of WebAssembly:
 * exactly so many bytes must come out. Where it throws, `into` may have been overwritten in part.
 */
export function inflateInto(codec: string, frame: DeflateFrame, bytes: Uint8Array, into: Uint8Array): void {
  if (inflateNatively(frame, bytes, into) === into.length) return;
  const mostBytes = Math.min(into.length, bytes.length * largestRatio);
  const inflated = inflatePortably(codec, frame, bytes, mostBytes);
  if (inflated.length !== into.length)
    throw codecCorrupt(codec, `${into.length} bytes to come out`, String(inflated.length));
  into.set(inflated);
}

function inflatePortably(
  codec: string,
  frame: DeflateFrame,
  bytes: Uint8Array,
  mostBytes: number,
): Uint8Array {
  const { buffer, engine } = run(codec, frame, bytes, mostBytes);
  if (engine.bytesWritten !== bytes.length) {
    throw codecCorrupt(
      codec,
      `a stream of ${bytes.length} bytes`,
      `its end after ${engine.bytesWritten} bytes`,
    );
  }
  return buffer;
}

function run(
  codec: string,
  frame: DeflateFrame,
  bytes: Uint8Array,
  mostBytes: number,
): { buffer: Buffer; engine: Inflate } {
  try {
    // One output buffer that holds everything and one byte more spares zlib a copy and a second call.
    const options: ZlibOptions = {
      info: true,
      maxOutputLength: Math.max(1, mostBytes),
      chunkSize: Math.max(constants.Z_MIN_CHUNK, mostBytes + 1),
    };
    return portable[frame](bytes, options) as unknown as { buffer: Buffer; engine: Inflate };
  } catch (cause) {
    throw inflateError(codec, cause, bytes.length, mostBytes);
  }
}

function inflateError(codec: string, cause: unknown, storedBytes: number, mostBytes: number): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (message === 'incorrect data check') {
    return checksumMismatch(codec, 'the checksum that the stream ends with', 'another one', cause);
  }
  const tooLong = code === 'ERR_BUFFER_TOO_LARGE';
  const expected = tooLong ? `at most ${mostBytes} bytes to come out` : `a stream of ${storedBytes} bytes`;
  return codecCorrupt(codec, expected, tooLong ? 'more' : message, cause);
}

/** The most bytes of a deflate stream in any frame: stored blocks of 16 KiB at worst, with five bytes each. */
export function deflatedBound(decodedLength: number): number {
  return decodedLength + 5 * (Math.ceil(decodedLength / 16383) + 1) + 64;
}

/** The compression level of a configuration; zlib's own when it states none. */
export function levelOf({ level }: Readonly<Record<string, unknown>>): number {
  return typeof level === 'number' && level >= -1 && level <= 9 ? level : constants.Z_DEFAULT_COMPRESSION;
}
