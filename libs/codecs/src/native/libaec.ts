import type { AecParameters } from '../aec/aec-parameters.ts';
import { findForeignFunctions } from './foreign-functions.ts';
import { NativeLibrary } from './native-library.ts';
import { overlaps } from './overlaps.ts';

/** Calls of libaec.h. */
export const libaec = new NativeLibrary(
  {
    name: 'libaec',
    files: { linux: 'libaec.so.0', darwin: 'libaec.0.dylib' },
    packages: { debian: 'libaec0', alpine: 'libaec', homebrew: 'libaec' },
  },
  { aec_buffer_decode: { arguments: ['pointer'], return: 'i32' } },
);

// `struct aec_stream`, all of it, and where its members are; they are in the order of libaec.h.
const stream = new DataView(new ArrayBuffer(72));
const at = { input: 0, inputBytes: 8, output: 24, room: 32, bits: 48, blockSize: 52, rsi: 56, flags: 60 };

const flag = { signed: 1, preprocess: 8, restricted: 16, padRsi: 32 };

// For these sizes and so many bytes none of the library's sums and products of 32 bits can overflow to one that is no longer checked.
const blockSizes = [8, 16, 32, 64];
const mostBytes = 2 ** 27;

// What the library has addresses of stays referenced from here while it is called.
const inUse: { views: readonly Uint8Array[] } = { views: [] };

/**
 * Decodes a stream of CCSDS 121.0-B into `out`, which takes samples of 1, 2 or 4 bytes, little-endian, as many as fill it. False where
 * there is no library, for parameters that it would take otherwise, and for every stream that it refuses or that ends before: the
 * portable way then says what is wrong. `out` may be overwritten in part.
 */
export function decodeAecNatively(bytes: Uint8Array, parameters: AecParameters, out: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length > mostBytes || out.length === 0 || !isTaken(parameters))
    return false;
  const library = libaec.functions;
  const ffi = findForeignFunctions();
  if (library === undefined || ffi === undefined || overlaps(bytes, out)) return false;
  inUse.views = [bytes, out];
  stream.setBigUint64(at.input, ffi.getRawPointer(bytes), true);
  stream.setBigUint64(at.inputBytes, BigInt(bytes.length), true);
  stream.setBigUint64(at.output, ffi.getRawPointer(out), true);
  stream.setBigUint64(at.room, BigInt(out.length), true);
  stream.setUint32(at.bits, parameters.bitsPerSample, true);
  stream.setUint32(at.blockSize, parameters.blockSize, true);
  stream.setUint32(at.rsi, parameters.rsi, true);
  stream.setUint32(at.flags, flagsOf(parameters), true);
  const status = library.aec_buffer_decode(stream);
  inUse.views = [];
  return status === 0 && stream.getBigUint64(at.room, true) === 0n;
}

/** Without a preprocessor the library leaves signs to its caller; and it knows short identifiers of few bits only. */
function isTaken({ bitsPerSample, blockSize, signed, preprocess, restricted }: AecParameters): boolean {
  return blockSizes.includes(blockSize) && (!signed || preprocess) && (!restricted || bitsPerSample <= 4);
}

function flagsOf(parameters: AecParameters): number {
  const names = ['signed', 'preprocess', 'restricted', 'padRsi'] as const;
  return names.reduce((flags, name) => (parameters[name] ? flags | flag[name] : flags), 0);
}
