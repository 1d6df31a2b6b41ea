import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 count buffers with the heap when it decides when to collect. By itself it marks the whole heap for every ten megabytes of blocks that come
 * and go, which takes more processor time than sending them; here `MemoryWatch` sees to it that they stay within the limit.
 */
export function countBuffersWithHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
