import type { WorkerReport } from '@hyperslab/proto/scheduler';

/** What the memory of a worker is used for, and the sign of each kind in its bar. */
export const memorySigns = { blocks: '█', cache: '▓', buffers: '▒', heap: '░', other: '·' } as const;

/** Name of a kind of memory. */
export type MemoryKind = keyof typeof memorySigns;

/** Bytes of each kind; together they are the resident memory, or more where some of it is not resident. */
export function memoryKinds(report: WorkerReport): Record<MemoryKind, number> {
  const { rss, blockBytes, cacheBytes, bufferBytes, heapBytes } = report;
  const known = blockBytes + cacheBytes + bufferBytes + heapBytes;
  return {
    blocks: blockBytes,
    cache: cacheBytes,
    buffers: bufferBytes,
    heap: heapBytes,
    other: Math.max(0, rss - known),
  };
}
