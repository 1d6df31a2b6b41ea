import { NativeLibrary } from './native-library.ts';
import { overlaps } from './overlaps.ts';

/** Calls of zstd.h. */
export const libzstd = new NativeLibrary(
  {
    name: 'libzstd',
    files: { linux: 'libzstd.so.1', darwin: 'libzstd.1.dylib' },
    packages: { debian: 'libzstd1', alpine: 'zstd-libs', homebrew: 'zstd' },
  },
  {
    ZSTD_createDCtx: { arguments: [], return: 'pointer' },
    ZSTD_decompressDCtx: { arguments: ['pointer', 'pointer', 'u64', 'pointer', 'u64'], return: 'u64' },
    ZSTD_versionString: { arguments: [], return: 'pointer' },
  },
);

// Some 160 KiB, for as long as the thread lives: each call begins anew with it.
let context = 0n;

/**
 * Decompresses `bytes`, whole frames of Zstandard, into the beginning of `into` and says how many bytes came out. Undefined where there
 * is no library, and for all that it refuses or that does not fit: the portable way then says what is wrong. `into` may be overwritten in part.
 */
export function decompressZstdNatively(bytes: Uint8Array, into: Uint8Array): number | undefined {
  // Without bytes there may be no address.
  if (bytes.length === 0 || into.length === 0) return undefined;
  const library = libzstd.functions;
  if (library === undefined || overlaps(bytes, into)) return undefined;
  context ||= library.ZSTD_createDCtx();
  if (context === 0n) return undefined;
  const made = library.ZSTD_decompressDCtx(context, into, BigInt(into.length), bytes, BigInt(bytes.length));
  // Errors are the highest numbers that there are.
  return made <= BigInt(into.length) ? Number(made) : undefined;
}

/** The version of the library as it says it itself. */
export function zstdVersion(): string | undefined {
  const opened = libzstd.open();
  if ('problem' in opened) return undefined;
  return opened.ffi.toString(opened.functions.ZSTD_versionString()) ?? undefined;
}
