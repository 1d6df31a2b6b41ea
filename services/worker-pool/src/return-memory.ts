import { type ForeignFunctions, findForeignFunctions } from '@hyperslab/codecs/foreign-functions';

type Trim = (pad: bigint) => number;

let trim: Trim | undefined | null;

/**
 * Has the C library give back to the system what is free within its heaps: buffers of some hundred kilobytes come and go there, and
 * what lies between two that stay is kept by itself (malloc_trim(3)). Other C libraries than GNU's, and a Node without
 * node:ffi, do as they do.
 */
export function returnMemory(): void {
  if (trim === undefined) trim = findTrim(findForeignFunctions());
  trim?.(0n);
}

function findTrim(ffi: ForeignFunctions | undefined): Trim | null {
  if (process.platform !== 'linux' || ffi === undefined) return null;
  try {
    const definition = { malloc_trim: { arguments: ['u64'], return: 'i32' } } as const;
    return ffi.dlopen('libc.so.6', definition).functions.malloc_trim;
  } catch {
    return null;
  }
}
