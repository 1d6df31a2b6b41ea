import { readHead } from './read-head.ts';
import type { ByteSource, ReadOptions } from './store.ts';

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
  async function measured<O extends ReadOptions, T>(
    options: O,
    read: (options: O) => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    try {
      return await read({
        ...options,
        onRequest(request) {
          counters.requests++;
          counters.bytes += request.length;
          options.onRequest?.(request);
        },
      });
    } catch (error) {
      if (!options.signal?.aborted) counters.errors++;
      throw error;
    } finally {
      counters.seconds += (performance.now() - started) / 1000;
    }
  }
  return {
    url: source.url,
    stat: (signal) => source.stat(signal),
    read: (ranges, options = {}) => measured(options, (counted) => source.read(ranges, counted)),
    readHead: (length, options) => measured(options, (counted) => readHead(source, length, counted)),
  };
}
