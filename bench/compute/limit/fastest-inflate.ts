import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

/** Inflates a zlib stream into memory that is exactly as large as what it holds. Throws when it is not. */
export type Inflate = (bytes: Uint8Array, into: Uint8Array) => void;

const soname = 'libdeflate.so.0';

/** The fastest way that this machine has, and its name. */
export function fastestInflate(): { name: string; inflate: Inflate } {
  const inflate = libdeflate();
  if (inflate !== undefined) return { name: 'libdeflate', inflate };
  return { name: 'node:zlib', inflate: byZlib };
}

function byZlib(bytes: Uint8Array, into: Uint8Array): void {
  // One buffer that holds everything and one byte more spares zlib a copy and a second call.
  const inflated = inflateSync(bytes, { chunkSize: into.length + 1 });
  if (inflated.length !== into.length) throw new Error(`a chunk of ${inflated.length} bytes`);
  into.set(inflated);
}

/** By libdeflate; undefined where there is none, or a Node without FFI. */
function libdeflate(): Inflate | undefined {
  try {
    const ffi = createRequire(import.meta.url)('node:ffi') as typeof import('node:ffi');
    const { functions } = ffi.dlopen(soname, {
      libdeflate_alloc_decompressor: { arguments: [], return: 'pointer' },
      libdeflate_zlib_decompress: {
        arguments: ['pointer', 'pointer', 'u64', 'pointer', 'u64', 'pointer'],
        return: 'i32',
      },
    });
    const decompressor = functions.libdeflate_alloc_decompressor();
    return (bytes, into) => {
      const [source, target] = [ffi.getRawPointer(bytes), ffi.getRawPointer(into)];
      // Without a place for the size, it fails unless all of `into` is filled.
      const failed = functions.libdeflate_zlib_decompress(
        decompressor,
        source,
        BigInt(bytes.length),
        target,
        BigInt(into.length),
        0n,
      );
      if (failed !== 0) throw new Error(`${soname}: error ${failed} in a chunk of ${bytes.length} bytes`);
    };
  } catch {
    return undefined;
  }
}
