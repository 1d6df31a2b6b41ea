import { findForeignFunctions } from '@hyperslab/codecs/foreign-functions';
import type { ReadAtOnce } from '@hyperslab/storage';

/** preadv2(2): read only what is at hand, and fail where that is nothing. */
const rwfNowait = 8;
/** Smaller arrays may lie where a collection moves them, and are not worth it. */
const leastBytes = 1024;

/**
 * Reads what the page cache of Linux has of a file. Undefined on other systems, where the C library has no preadv2, and without node:ffi. File
 * systems that can't tell, as NFS, answer nothing.
 */
export function pageCacheReader(): ReadAtOnce | undefined {
  const ffi = process.platform === 'linux' ? findForeignFunctions() : undefined;
  if (ffi === undefined) return undefined;
  const preadv2 = findPreadv2(ffi);
  if (preadv2 === undefined) return undefined;
  // An iovec: address and length.
  const vector = new BigUint64Array(new ArrayBuffer(16));
  const vectorBytes = new Uint8Array(vector.buffer);
  return (fd, into, position) => {
    if (into.length < leastBytes) return 0;
    vector[0] = ffi.getRawPointer(into);
    vector[1] = BigInt(into.length);
    return Math.max(0, Number(preadv2(fd, vectorBytes, 1, BigInt(position), rwfNowait)));
  };
}

function findPreadv2(ffi: NonNullable<ReturnType<typeof findForeignFunctions>>) {
  const definition = {
    preadv2: { arguments: ['i32', 'pointer', 'i32', 'i64', 'i32'], return: 'i64' },
  } as const;
  for (const library of ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1']) {
    try {
      return ffi.dlopen(library, definition).functions.preadv2;
    } catch {
      // Another C library, or an older one.
    }
  }
  return undefined;
}
