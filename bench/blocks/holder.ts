/** A worker's side of a transfer: holds blocks in memory that threads share, and serves them as workers do. Says its port, and in the end the processor time it took. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hyperslab/rpc';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import { BlockStore } from '@hyperslab/worker-pool/block-store';
import { countBuffersWithHeap } from '@hyperslab/worker-pool/buffers-in-heap-limit';
import { chunkService } from '@hyperslab/worker-pool/chunk-service';
import { SpillFolder } from '@hyperslab/worker-pool/spill-folder';
import { blockBytes, blocks, keyOf, workerBytes } from './blocks.ts';

countBuffersWithHeap(workerBytes);
const state = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
const folder = await SpillFolder.open(state);
const store = new BlockStore(folder, Number.POSITIVE_INFINITY);
for (let task = 0; task < blocks; task++) {
  const bytes = new Uint8Array(new SharedArrayBuffer(blockBytes));
  for (let i = 0; i < blockBytes; i += 8) bytes[i] = Math.imul(i + task, 2654435761) >>> 24;
  await store.put(keyOf(task), bytes);
}

/** Nothing but blocks is asked for. */
const unused = undefined as never;
const server = await serve({
  service: 'holder',
  bind: '127.0.0.1',
  port: 0,
  log: createLogger('holder', { level: 'silent' }),
  metrics: createMetrics(),
  requestTimeoutMs: 60_000,
  services: [
    chunkService({
      store,
      finder: unused,
      threads: unused,
      variables: unused,
      scheduler: unused,
      traffic: { sent: 0, received: 0 },
      onLost: () => undefined,
      making: unused,
      running: unused,
      fingerprintOf: unused,
      kernelVersion: '',
    }),
  ],
});
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => {
  rmSync(state, { recursive: true, force: true });
  process.exit();
});
process.send?.(server.port);
