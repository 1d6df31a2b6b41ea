import { constants, deflateSync, type Inflate, inflateSync, type ZlibOptions } from 'node:zlib';
import type { Codec, CodecConfiguration } from './codec.ts';
import { checksumMismatch, codecCorrupt } from './codec-error.ts';

// A deflate block spends at least two bits on 258 bytes (RFC 1951, section 3.2.5), so no stream grows by more.
const largestRatio = 1032;

/** The zlib format (RFC 1950): HDF5's deflate filter, numcodecs "zlib". `level` is 0 to 9. */
export const deflateCodec: Codec = { name: 'deflate', decode, encode, encodedBound };

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  // Without this, a few hostile bytes would make us allocate all that their chunk shape claims.
  const mostPossible = Math.min(decodedLength, bytes.length * largestRatio);
  const { buffer, engine } = inflate(bytes, mostPossible);
  if (engine.bytesWritten !== bytes.length) {
    throw codecCorrupt(
      'deflate',
      `a stream of ${bytes.length} bytes`,
      `its end after ${engine.bytesWritten} bytes`,
    );
  }
  return buffer;
}

function inflate(bytes: Uint8Array, mostBytes: number): { buffer: Buffer; engine: Inflate } {
  try {
    // One output buffer that holds everything and one byte more spares zlib a copy and a second call.
    const options: ZlibOptions = {
      info: true,
      maxOutputLength: Math.max(1, mostBytes),
      chunkSize: Math.max(constants.Z_MIN_CHUNK, mostBytes + 1),
    };
    return inflateSync(bytes, options) as unknown as { buffer: Buffer; engine: Inflate };
  } catch (cause) {
    throw inflateError(cause, bytes.length, mostBytes);
  }
}

function inflateError(cause: unknown, storedBytes: number, mostBytes: number): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (message === 'incorrect data check') {
    return checksumMismatch('deflate', 'the Adler-32 that the stream ends with', 'another one', cause);
  }
  const expected =
    code === 'ERR_BUFFER_TOO_LARGE'
      ? `at most ${mostBytes} bytes to come out`
      : `a zlib stream of ${storedBytes} bytes`;
  const found = code === 'ERR_BUFFER_TOO_LARGE' ? 'more' : message;
  return codecCorrupt('deflate', expected, found, cause);
}

function encode(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const { level } = configuration;
  return deflateSync(bytes, { level: typeof level === 'number' ? level : constants.Z_DEFAULT_COMPRESSION });
}

/** Stored blocks of 16 KiB at worst, with five bytes each, and the frame of the stream. */
function encodedBound(decodedLength: number): number {
  return decodedLength + 5 * (Math.ceil(decodedLength / 16383) + 1) + 6;
}
