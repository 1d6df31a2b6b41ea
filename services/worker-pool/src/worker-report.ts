import type { WorkerReport } from '@hyperslab/proto/scheduler';
import type { Traffic } from '@hyperslab/rpc/values';
import type { BlockFinder } from './blocks/block-finder.ts';
import type { BlockStore } from './blocks/block-store.ts';
import type { Peers } from './blocks/peers.ts';
import type { LoopDelay } from './loop-delay.ts';
import type { ThreadMemory } from './threads/thread-memory.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

/** What a report is made of. */
export interface ReportParts {
  store: BlockStore;
  threads: ThreadPool;
  threadMemory: Pick<ThreadMemory, 'takenBytes' | 'cacheBytes'>;
  finder: BlockFinder;
  tasks: { running: number; waiting: number };
  traffic: Traffic;
  peers: Pick<Peers, 'receivingSeconds'>;
  loopDelay: LoopDelay;
  memoryLimit: number;
}

/** How this worker is, now. */
export function workerReport({
  store,
  threads,
  threadMemory,
  finder,
  tasks,
  traffic,
  peers,
  loopDelay,
  memoryLimit,
}: ReportParts): WorkerReport {
  const counts = threads.counts;
  const { busy, threads: count } = threads.busy;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const cacheBytes = threadMemory.cacheBytes + finder.cachedBytes;
  const known = store.memoryBytes + cacheBytes;
  return {
    rss,
    blockBytes: store.memoryBytes,
    spilledBytes: store.spilledBytes,
    cacheBytes,
    storageBytesRead: counts.storageBytes,
    memoryLimit,
    storageRequests: counts.storageRequests,
    cpuMs: Math.round((user + system) / 1000),
    heapBytes: heapUsed + counts.heapBytes,
    bufferBytes: Math.max(0, arrayBuffers + counts.arrayBufferBytes + threadMemory.takenBytes - known),
    networkSent: traffic.sent,
    networkReceived: traffic.received,
    threads: count,
    threadsBusy: busy,
    tasksRunning: tasks.running,
    tasksWaiting: tasks.waiting,
    eventLoopDelaySeconds: loopDelay.seconds,
    storageErrors: counts.storageErrors,
    storageSeconds: counts.storageSeconds,
    uptimeMs: Math.round(performance.now()),
    receivingSeconds: peers.receivingSeconds,
  };
}
