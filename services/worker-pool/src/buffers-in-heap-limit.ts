import { setFlagsFromString } from 'node:v8';

/** What a worker's heap still needs after it was marked, about. */
const heapBytes = 40 * 2 ** 20;
/** Part of a worker's memory that may be garbage before the heap is marked again. */
const garbageShare = 1 / 16;
/** Below it V8 chooses better by itself. */
const leastPercent = 100;

/**
 * Has V8 count buffers with the heap when it decides when to collect, and let both grow by a share of the worker's memory first. By itself it marks the
 * whole heap for every ten megabytes of blocks that come and go, which takes more processor time than sending them; here `MemoryWatch` sees to it
 * that they stay within the limit.
 */
export function countBuffersWithHeap(limitBytes: number): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  const percent = Math.floor((100 * garbageShare * limitBytes) / heapBytes);
  if (percent >= leastPercent) setFlagsFromString(`--heap-growing-percent=${percent}`);
}
