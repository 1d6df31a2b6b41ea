import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';
import { metricNames } from './names.ts';

/** Adds what every process tells of itself: memory, processor time, delay of its event loop. */
export function addProcessMetrics(metrics: Metrics): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge(...metricNames.residentBytes).observe(() => process.memoryUsage.rss());
  metrics.gauge(...metricNames.cpuSeconds).observe(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge(...metricNames.eventLoopSeconds).observe(() => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return seconds;
  });
}
