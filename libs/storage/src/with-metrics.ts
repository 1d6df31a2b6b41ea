import type { ByteSource } from './store.ts';

export interface StorageCounters {
  /** Bytes that requests to stores took, those between coalesced ranges included. */
  bytes: number;
  /** Requests that brought bytes. */
  requests: number;
  /** Reads that failed, those that nobody wanted any more excepted. */
  errors: number;
  /** How long reads took, all together, seconds. */
  seconds: number;
}

/** Counters of nothing. */
export function noStorageCounters(): StorageCounters {
  return { bytes: 0, requests: 0, errors: 0, seconds: 0 };
}

/** The same source; what is read through it is added to the counters. */
export function withMetrics(source: ByteSource, counters: StorageCounters): ByteSource {
  return {
    url: source.url,
    stat: (signal) => source.stat(signal),
    async read(ranges, options) {
      const started = performance.now();
      try {
        return await source.read(ranges, {
          ...options,
          onRequest(request) {
            counters.requests++;
            counters.bytes += request.length;
            options?.onRequest?.(request);
          },
        });
      } catch (error) {
        if (!options?.signal?.aborted) counters.errors++;
        throw error;
      } finally {
        counters.seconds += (performance.now() - started) / 1000;
      }
    },
  };
}
