import type { Client } from '@hyperslab/client';

/** The workers that the scheduler knows, as `status --json` prints them; sizes in bytes. */
export async function readWorkers(client: Client, signal: AbortSignal) {
  const { workers } = await client.cluster({ signal });
  return workers.map(({ workerId, address, slots, running, connected, report }) => ({
    id: workerId,
    address,
    slots,
    running,
    connected: connected?.toISOString() ?? null,
    rss: report?.rss ?? 0,
    memory_limit: report?.memoryLimit ?? 0,
    block_bytes: report?.blockBytes ?? 0,
    spilled_bytes: report?.spilledBytes ?? 0,
    cache_bytes: report?.cacheBytes ?? 0,
    storage_bytes_read: report?.storageBytesRead ?? 0,
    storage_requests: report?.storageRequests ?? 0,
    cpu_ms: report?.cpuMs ?? 0,
  }));
}
