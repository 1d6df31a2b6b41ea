import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Between two collections, so many times what the last one took: a large heap of which all is needed takes seconds. */
const pause = 3;

let collect: (() => void) | undefined;
let nextMs = 0;
let leftBytes = 0;
let unseenBytes = 0;

/**
 * Collects this thread's garbage now, unless that would take more than a quarter of its time. Buffers count little for V8's own
 * decision when to, but all of their bytes count for the limit of the process.
 * @param leastMade bytes that this thread must have more of than the last collection left: of fewer little can be garbage, unless what was in use then is
 * @returns whether it did
 */
export function collectGarbage(leastMade = 0): boolean {
  const startedMs = performance.now();
  if (startedMs < nextMs) return false;
  if (leastMade > 0 && usedBytes() - leftBytes + unseenBytes < leastMade) return false;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  const endedMs = performance.now();
  nextMs = endedMs + pause * (endedMs - startedMs);
  leftBytes = usedBytes();
  unseenBytes = 0;
  return true;
}

/** Counts memory that another thread has made, and that may be garbage here: V8 does not. Answers how much there is of it since the last collection. */
export function countUnseen(bytes: number): number {
  unseenBytes += bytes;
  return unseenBytes;
}

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
