import { type ForeignFunctions, findForeignFunctions } from '@hyperslab/codecs/foreign-functions';

/** What of the C library is called. */
interface Library {
  trim(pad: bigint): number;
  advise(address: bigint, bytes: bigint, advice: number): number;
  addressOf(buffer: SharedArrayBuffer): bigint;
}

/** The pages may go; whoever reads them next finds zeros (madvise(2)). */
const dontNeed = 4;
/** Of all systems that Node runs on. */
const largestPageBytes = 64 * 1024;

let library: Library | undefined | null;

/**
 * Has the C library give back to the system what is free within its heaps: buffers of some hundred kilobytes come and go there, and
 * what lies between two that stay is kept by itself (malloc_trim(3)). Other C libraries than GNU's, and a Node without
 * node:ffi, do as they do.
 */
export function returnMemory(): void {
  findLibrary()?.trim(0n);
}

/** Gives whole pages of a part of shared memory back to the system, whose bytes may be anything afterwards. Where it can't, it does nothing. */
export function returnPages(buffer: SharedArrayBuffer, offset: number, bytes: number): void {
  const start = Math.ceil(offset / largestPageBytes) * largestPageBytes;
  const end = Math.floor(Math.min(offset + bytes, buffer.byteLength) / largestPageBytes) * largestPageBytes;
  const found = findLibrary();
  if (found === undefined || end <= start) return;
  found.advise(found.addressOf(buffer) + BigInt(start), BigInt(end - start), dontNeed);
}

function findLibrary(): Library | undefined {
  if (library === undefined) library = openLibrary(findForeignFunctions());
  return library ?? undefined;
}

function openLibrary(ffi: ForeignFunctions | undefined): Library | null {
  if (process.platform !== 'linux' || ffi === undefined) return null;
  try {
    const { functions } = ffi.dlopen('libc.so.6', {
      malloc_trim: { arguments: ['u64'], return: 'i32' },
      madvise: { arguments: ['u64', 'u64', 'i32'], return: 'i32' },
    } as const);
    return {
      trim: functions.malloc_trim,
      advise: functions.madvise,
      addressOf: (buffer) => ffi.getRawPointer(buffer as unknown as ArrayBuffer),
    };
  } catch {
    return null;
  }
}
