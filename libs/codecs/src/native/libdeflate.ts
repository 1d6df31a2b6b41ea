import { NativeLibrary } from './native-library.ts';
import { overlaps } from './overlaps.ts';

/** What stands around a deflate stream (RFC 1951): the zlib format (RFC 1950), gzip (RFC 1952), or nothing. */
export type DeflateFrame = 'zlib' | 'gzip' | 'raw';

const decompress = {
  arguments: ['pointer', 'pointer', 'u64', 'pointer', 'u64', 'pointer', 'pointer'],
  return: 'i32',
} as const;

/** Calls of libdeflate.h. */
export const libdeflate = new NativeLibrary(
  {
    name: 'libdeflate',
    files: { linux: 'libdeflate.so.0', darwin: 'libdeflate.0.dylib' },
    packages: { debian: 'libdeflate0', alpine: 'libdeflate', homebrew: 'libdeflate' },
  },
  {
    libdeflate_alloc_decompressor: { arguments: [], return: 'pointer' },
    libdeflate_zlib_decompress_ex: decompress,
    libdeflate_gzip_decompress_ex: decompress,
    libdeflate_deflate_decompress_ex: decompress,
  },
);

const entries = {
  zlib: 'libdeflate_zlib_decompress_ex',
  gzip: 'libdeflate_gzip_decompress_ex',
  raw: 'libdeflate_deflate_decompress_ex',
} as const;

// Where the library writes how much it read and wrote. Of a buffer of their own: small arrays may lie where they can move.
const consumed = new BigUint64Array(new ArrayBuffer(8));
const produced = new BigUint64Array(new ArrayBuffer(8));

// Some kilobytes, for as long as the thread lives: nothing of a stream stays in it.
let decompressor = 0n;

/**
 * Inflates `bytes`, all of which must be of the stream (of gzip, of one or several members), into the beginning of `into` and
 * says how many bytes came out. Undefined where there is no library, and for every stream that it refuses or that does not fit:
 * what is wrong with it, zlib can tell better. `into` may then be overwritten in part.
 */
export function inflateNatively(
  frame: DeflateFrame,
  bytes: Uint8Array,
  into: Uint8Array,
): number | undefined {
  const library = libdeflate.functions;
  if (library === undefined || overlaps(bytes, into)) return undefined;
  decompressor ||= library.libdeflate_alloc_decompressor();
  if (decompressor === 0n) return undefined;
  const inflate = library[entries[frame]];
  let from = 0;
  let to = 0;
  do {
    const stored = bytes.subarray(from);
    const room = into.subarray(to);
    // Without bytes there may be no address.
    if (stored.length === 0 || room.length === 0) return undefined;
    const sizes = [BigInt(stored.length), BigInt(room.length)] as const;
    if (inflate(decompressor, stored, sizes[0], room, sizes[1], consumed, produced) !== 0) return undefined;
    from += Number(consumed[0]);
    to += Number(produced[0]);
  } while (frame === 'gzip' && from < bytes.length);
  return from === bytes.length ? to : undefined;
}
