import type { WorkerReport } from '@hyperslab/proto/scheduler';
import { type Metrics, metricNames } from '@hyperslab/telemetry';

/** Shows how a worker is as metrics, each asked for when it is read. */
export function observeWorker(metrics: Metrics, state: () => WorkerReport): void {
  const blocks = metrics.gauge(...metricNames.workerBlockBytes);
  blocks.observe(() => state().blockBytes, { where: 'memory' });
  blocks.observe(() => state().spilledBytes, { where: 'disk' });
  metrics.gauge(...metricNames.workerCacheBytes).observe(() => state().cacheBytes);
  metrics.gauge(...metricNames.workerStorageBytes).observe(() => state().storageBytesRead);
  metrics.gauge(...metricNames.workerStorageRequests).observe(() => state().storageRequests);
  metrics.gauge(...metricNames.workerReceivedBytes).observe(() => state().networkReceived);
  metrics.gauge(...metricNames.workerReceivingSeconds).observe(() => state().receivingSeconds);
  metrics.gauge(...metricNames.workerMemoryLimit).observe(() => state().memoryLimit);
}
