import { collectGarbage, countUnseen } from '../collect-garbage.ts';

/** Of shared memory that this thread has had a part in since it last collected its garbage. */
const mostUncollected = 64 * 2 ** 20;

/** What is smaller is copied to a thread in less time than it takes to make memory that it shares. */
export const leastShared = 64 * 1024;

/** Memory that threads can share: posting it copies nothing. */
export function sharedMemory(length: number): Uint8Array {
  countShared(length);
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** The bytes in memory that threads can share. What is shared already stays as it is. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = sharedMemory(bytes.length);
  shared.set(bytes);
  return shared;
}

/**
 * Counts shared memory that has come to this thread. It is given back when all threads that had it have collected their garbage, but V8
 * does not count it when it decides when to: hundreds of megabytes would wait for that.
 */
export function countShared(bytes: number): void {
  if (countUnseen(bytes) > mostUncollected) collectGarbage();
}
