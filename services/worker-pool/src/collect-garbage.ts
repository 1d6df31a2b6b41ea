import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Between two collections, so many times what the last one took: a large heap of which all is needed takes seconds. */
const pause = 3;

let collect: (() => void) | undefined;
let nextMs = 0;

/**
 * Collects this thread's garbage now, unless that would take more than a quarter of its time. Buffers count little for V8's own
 * decision when to, but all of their bytes count for the limit of the process.
 * @returns whether it did
 */
export function collectGarbage(): boolean {
  const startedMs = performance.now();
  if (startedMs < nextMs) return false;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  const endedMs = performance.now();
  nextMs = endedMs + pause * (endedMs - startedMs);
  return true;
}
