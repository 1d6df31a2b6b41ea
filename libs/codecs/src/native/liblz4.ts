import { NativeLibrary } from './native-library.ts';
import { overlaps } from './overlaps.ts';

/** Calls of lz4.h. */
export const liblz4 = new NativeLibrary(
  {
    name: 'liblz4',
    files: { linux: 'liblz4.so.1', darwin: 'liblz4.1.dylib' },
    packages: { debian: 'liblz4-1', alpine: 'lz4-libs', homebrew: 'lz4' },
  },
  {
    LZ4_decompress_safe: { arguments: ['pointer', 'pointer', 'i32', 'i32'], return: 'i32' },
    LZ4_versionString: { arguments: [], return: 'pointer' },
  },
);

/** Sizes are `int` in C; a block holds no more (LZ4_MAX_INPUT_SIZE). */
const mostBytes = 0x7e000000;
/** Below it the portable way is as fast as the call. */
const leastBytes = 64;

/**
 * Decodes a block of LZ4 that fills `out`, which must hold zeros: of some damaged blocks the library leaves bytes as they are,
 * and nothing may show through. False where there is no library and for every block that it refuses or that comes out shorter:
 * the portable way then says what is wrong. `out` may be overwritten in part.
 */
export function decodeLz4Natively(bytes: Uint8Array, out: Uint8Array): boolean {
  if (out.length < leastBytes || out.length > mostBytes) return false;
  if (bytes.length === 0 || bytes.length > mostBytes) return false;
  const library = liblz4.functions;
  if (library === undefined || overlaps(bytes, out)) return false;
  return library.LZ4_decompress_safe(bytes, out, bytes.length, out.length) === out.length;
}

/** The version of the library as it says it itself. */
export function lz4Version(): string | undefined {
  const opened = liblz4.open();
  if ('problem' in opened) return undefined;
  return opened.ffi.toString(opened.functions.LZ4_versionString()) ?? undefined;
}
