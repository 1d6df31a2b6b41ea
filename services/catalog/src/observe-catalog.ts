import { type Logger, type Metrics, metricNames } from '@hyperslab/telemetry';
import type { CatalogStore } from './store/catalog-store.ts';

/** The metrics of a catalog. */
export interface CatalogMetrics {
  /** Counts now, for who asks next. */
  count(): void;
  /** The store is about to close: nothing is counted any more. */
  stop(): void;
}

/**
 * Shows how a catalog is. Counting takes queries, so who asks is told what the last count found, and begins another:
 * events that wait for a backup that is away are seen although nothing happens.
 * @param refuses whether changes are refused, for the backup can't be reached
 */
export function observeCatalog(
  metrics: Metrics,
  store: CatalogStore,
  refuses: () => boolean,
  log: Logger,
): CatalogMetrics {
  const found = { versions: 0, pending: 0 };
  let stopped = false;

  async function measure(): Promise<void> {
    const { durable, last } = await store.positions();
    found.pending = last - durable;
    found.versions = await store.versionCount();
  }

  function count(): void {
    if (!stopped) measure().catch((error) => log.warn({ err: error }, 'could not count versions'));
  }

  metrics.gauge(...metricNames.catalogVersions).observe(() => found.versions);
  metrics.gauge(...metricNames.catalogPending).observe(() => {
    count();
    return found.pending;
  });
  metrics.gauge(...metricNames.catalogRefuses).observe(() => (refuses() ? 1 : 0));
  return {
    count,
    stop() {
      stopped = true;
    },
  };
}
