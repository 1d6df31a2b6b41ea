import type { ByteSource } from './store.ts';

export interface StorageCounters {
  /** Bytes that requests to stores took, those between coalesced ranges included. */
  bytes: number;
  /** Requests that brought bytes. */
  requests: number;
}

/** The same source; what is read through it is added to the counters. */
export function withMetrics(source: ByteSource, counters: StorageCounters): ByteSource {
  return {
    url: source.url,
    stat: (signal) => source.stat(signal),
    read: (ranges, options) =>
      source.read(ranges, {
        ...options,
        onRequest(bytes) {
          counters.requests++;
          counters.bytes += bytes;
          options?.onRequest?.(bytes);
        },
      }),
  };
}
