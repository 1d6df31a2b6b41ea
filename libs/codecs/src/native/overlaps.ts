import { findForeignFunctions } from './foreign-functions.ts';

/** Whether two views are of some of the same bytes: a library that reads one and writes the other must not be called then. */
export function overlaps(a: Uint8Array, b: Uint8Array): boolean {
  if (a.buffer === b.buffer) return meet(a.byteOffset, a.byteLength, b.byteOffset, b.byteLength);
  if (!isShared(a) || !isShared(b)) return false;
  // Memory that threads share can have several objects in one thread: only addresses tell whether it is the same.
  const ffi = findForeignFunctions();
  return (
    ffi === undefined ||
    meet(Number(ffi.getRawPointer(a)), a.byteLength, Number(ffi.getRawPointer(b)), b.byteLength)
  );
}

function meet(startA: number, lengthA: number, startB: number, lengthB: number): boolean {
  return startA < startB + lengthB && startB < startA + lengthA;
}

function isShared({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer;
}
