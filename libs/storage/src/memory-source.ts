import { throwIfCancelled } from './cancelled.ts';
import { checkRanges, checkWithin } from './check-ranges.ts';
import { assertVersion } from './object-errors.ts';
import type { ByteSource, ObjectVersion, ReadOptions } from './store.ts';

/** Bytes in memory as an object, for tests and for what was made here. */
export function memorySource(url: string, bytes: Uint8Array): ByteSource {
  const version: ObjectVersion = { size: bytes.length, etag: '', modifiedUs: 0 };
  return {
    url,
    async stat(signal) {
      throwIfCancelled(signal);
      return { ...version };
    },
    async read(ranges, { signal, expect, onRequest }: ReadOptions = {}) {
      checkRanges(url, ranges);
      throwIfCancelled(signal);
      assertVersion(url, expect, version);
      checkWithin(url, ranges, bytes.length);
      return ranges.map((range) => {
        onRequest?.({ ...range, startedMs: performance.now() });
        return bytes.subarray(range.offset, range.offset + range.length);
      });
    },
  };
}
