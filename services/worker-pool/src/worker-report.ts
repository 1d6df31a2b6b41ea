import type { WorkerReport } from '@hyperslab/proto/scheduler';
import type { BlockFinder } from './blocks/block-finder.ts';
import type { BlockStore } from './blocks/block-store.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

/** How this worker is, now. */
export function workerReport({
  store,
  threads,
  finder,
  memoryLimit,
}: {
  store: BlockStore;
  threads: ThreadPool;
  finder: BlockFinder;
  memoryLimit: number;
}): WorkerReport {
  const { storageBytes, storageRequests, cacheBytes } = threads.counts;
  const { user, system } = process.cpuUsage();
  return {
    rss: process.memoryUsage.rss(),
    blockBytes: store.memoryBytes,
    spilledBytes: store.spilledBytes,
    cacheBytes: cacheBytes + finder.cachedBytes,
    storageBytesRead: storageBytes,
    memoryLimit,
    storageRequests,
    cpuMs: Math.round((user + system) / 1000),
  };
}
