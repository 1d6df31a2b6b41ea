import type { ScalingListener } from '@hyperslab/autoscaler';
import { type Logger, type Metrics, metricNames } from '@hyperslab/telemetry';

/** Shows what the autoscaler decides as metrics, and its changes in the log. */
export function observeScaling(metrics: Metrics, log: Logger): ScalingListener {
  const workers = metrics.gauge(...metricNames.autoscalerWorkers);
  const changes = metrics.counter(...metricNames.autoscalerChanges);
  const failures = metrics.counter(...metricNames.autoscalerFailures);
  return {
    decided({ wanted, rule, reason }, before, figures) {
      workers.set(wanted, { state: 'wanted' });
      if (figures !== undefined) {
        workers.set(figures.workers, { state: 'ready' });
        workers.set(Math.max(0, wanted - figures.workers), { state: 'starting' });
        workers.set(figures.draining, { state: 'draining' });
      }
      if (wanted === before) log.debug({ workers: wanted, rule }, reason);
      else {
        changes.increment(1, { direction: wanted > before ? 'up' : 'down', rule });
        log.info({ workers: wanted, before, rule }, reason);
      }
    },
    failed(which, message) {
      failures.increment(1, { which });
      log.warn({ which }, `the number of workers stays as it is: ${message}`);
    },
    recovered: (which) => log.info({ which }, 'it answers again'),
  };
}
