import { checkRanges } from './check-ranges.ts';
import { assertVersion } from './object-errors.ts';
import { readHead } from './read-head.ts';
import type { ByteSource, ObjectHead, StorageRequest } from './store.ts';

/**
 * The same source, whose first bytes are fetched together with its state, once: what lies within them is then read from
 * memory. For who reads much near the beginning of an object, and wants one state of it.
 */
export function withHead(source: ByteSource, length: number): ByteSource {
  let fetched: Promise<ObjectHead> | undefined;
  /** Requests that brought the head, until a read has told of them. */
  let untold: StorageRequest[] = [];

  function head(signal?: AbortSignal): Promise<ObjectHead> {
    fetched ??= readHead(source, length, { signal, onRequest: (request) => untold.push(request) }).catch(
      (error) => {
        fetched = undefined;
        throw error;
      },
    );
    return fetched;
  }

  return {
    ...source,
    stat: async (signal) => (await head(signal)).version,
    async read(ranges, options = {}) {
      const known = await fetched;
      for (const request of untold) options.onRequest?.(request);
      untold = [];
      const isKnown =
        known !== undefined && ranges.every((range) => range.offset + range.length <= known.bytes.length);
      if (!isKnown) return source.read(ranges, options);
      checkRanges(source.url, ranges);
      assertVersion(source.url, options.expect, known.version);
      return ranges.map(({ offset, length }) => known.bytes.subarray(offset, offset + length));
    },
  };
}
