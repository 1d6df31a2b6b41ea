import type { Cluster } from '@hyperslab/proto/scheduler';

/** What the scheduler knows at one time, as far as the number of workers depends on it. */
export interface Figures {
  /** Work that waits or runs: seconds that one slot would take for it. */
  queuedSlotSeconds: number;
  tasksQueued: number;
  tasksRunning: number;
  /** Bytes of blocks that must not be lost from the workers. */
  heldBytes: number;
  /** Workers that are connected and take tasks. */
  workers: number;
  /** Workers that are connected and about to go. */
  draining: number;
  /** Of one worker; undefined while none is connected. */
  size: WorkerSize | undefined;
}

/** What one worker can do. */
export interface WorkerSize {
  /** Tasks that it runs at once. */
  slots: number;
  memoryBytes: number;
}

/** The figures in what GetCluster answers. Where workers differ, the smallest counts: whoever goes, it will do. */
export function figuresOf(cluster: Cluster): Figures {
  const { queuedSlotSeconds, tasksQueued, tasksRunning, heldBytes } = cluster;
  const staying = cluster.workers.filter(({ draining }) => !draining);
  const slots = Math.min(...staying.map((worker) => worker.slots));
  const limits = staying.map(({ report }) => report?.memoryLimit ?? 0).filter((bytes) => bytes > 0);
  const memoryBytes = Math.min(...limits);
  return {
    queuedSlotSeconds,
    tasksQueued,
    tasksRunning,
    heldBytes,
    workers: staying.length,
    draining: cluster.workers.length - staying.length,
    size: Number.isFinite(slots) && Number.isFinite(memoryBytes) ? { slots, memoryBytes } : undefined,
  };
}
