import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dataset, type DeepPartial } from '@hyperslab/proto/cube';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import { type Catalog, openCatalog } from '../src/open-catalog.ts';
import type { CatalogStore } from '../src/store/catalog-store.ts';
import { openSqliteCatalogStore } from '../src/store/sqlite-catalog-store.ts';
import type { BackupLink } from '../src/write/backup-link.ts';

/** A catalog in a folder that looks after its backup many times a second. */
export async function temporaryCatalog(
  folder: string,
  backup: BackupLink,
  metrics = createMetrics(),
): Promise<Catalog & { store: CatalogStore }> {
  const store = openSqliteCatalogStore(join(folder, 'catalog.sqlite'));
  const times = { checkMs: 20, firstRetryMs: 5, longestRetryMs: 20 };
  const log = createLogger('catalog', { level: 'silent' });
  return { ...(await openCatalog(store, backup, log, metrics, times)), store };
}

/** Publishes a dataset and answers it. */
export function publish(catalog: Catalog, requestId: string, partial: DeepPartial<Dataset>) {
  const wish = { kind: 'publish' as const, dataset: Dataset.fromPartial(partial) };
  return catalog.commit({ requestId, caller: 'tester', wish }, new AbortController().signal);
}

/** Waits until a check passes; what it throws last is thrown when the time is over. */
export async function eventually<T>(check: () => Promise<T> | T, timeoutMs = 2_000): Promise<T> {
  for (const started = Date.now(); ; )
    try {
      return await check();
    } catch (error) {
      if (Date.now() - started > timeoutMs) throw error;
      await sleep(20);
    }
}
