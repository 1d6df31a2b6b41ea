import { HyperslabError } from '@hyperslab/errors';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import type { Dataset } from '@hyperslab/proto/cube';
import type { Logger, Metrics } from '@hyperslab/telemetry';
import { CatalogReader } from './catalog-reader.ts';
import { observeCatalog } from './observe-catalog.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { AppliedSignal, watchEvents } from './watch-events.ts';
import type { BackupLink } from './write/backup-link.ts';
import { CatalogWriter, type WriterTimes } from './write/catalog-writer.ts';
import { assertCommand, assertSameRequest, type Command } from './write/command.ts';

/** A catalog that is open: what CatalogService does, without gRPC. */
export interface Catalog {
  reader: CatalogReader;
  /** Publishes: keeps the manifest, then makes the change. Answers the dataset as it is visible. */
  commit(command: Command & { wish: { kind: 'publish' } }, signal: AbortSignal): Promise<Dataset>;
  /** Makes another change and answers it. */
  change(command: Command): Promise<NonNullable<CatalogEvent['change']>>;
  /** Events from a number on, then as they happen. */
  watch(fromSequence: number, signal: AbortSignal): AsyncIterable<CatalogEvent>;
  /** @throws HyperslabError UNAVAILABLE while it is empty and the backup was not asked yet */
  assertReadable(): void;
  /** What keeps it from its work, or undefined. */
  readiness(): string | undefined;
  close(): Promise<void>;
}

/** Opens a catalog on a store and a backup. Being made equal with the backup goes on in the background. */
export async function openCatalog(
  store: CatalogStore,
  backup: BackupLink,
  log: Logger,
  metrics: Metrics,
  times: Partial<WriterTimes> = {},
): Promise<Catalog> {
  const applied = new AppliedSignal();
  const startedEmpty = (await store.positions()).durable === 0;
  const writer = new CatalogWriter(
    store,
    backup,
    log,
    () => {
      applied.raise();
      observed.count();
    },
    times,
  );
  const observed = observeCatalog(metrics, store, () => writer.failure !== undefined, log);

  const problem = () =>
    startedEmpty && !writer.synchronisedOnce
      ? `the catalog is empty and is waiting for its backup to tell what it had${
          writer.failure ? ` (${writer.failure.details.because})` : ''
        }`
      : undefined;

  return {
    reader: new CatalogReader(store),
    async commit(command, signal) {
      assertCommand(command);
      const known = await store.eventOfRequest(command.requestId);
      if (known) assertSameRequest(command, known.event);
      else if (writer.failure) throw writer.failure;
      const { manifest } = command.wish.dataset;
      if (!known && manifest) await backup.keepManifest(manifest, signal);
      const { change } = await writer.submit(command);
      if (change?.$case === 'published') return change.value;
      throw new HyperslabError('INTERNAL', 'a publish made another change');
    },
    async change(command) {
      const { change } = await writer.submit(command);
      if (change) return change;
      throw new HyperslabError('INTERNAL', 'a change changed nothing');
    },
    watch: (fromSequence, signal) => watchEvents(store, applied, fromSequence, signal),
    assertReadable() {
      const text = problem();
      if (text !== undefined) throw new HyperslabError('UNAVAILABLE', text);
    },
    readiness: problem,
    async close() {
      await writer.close();
      observed.stop();
      await store.close();
    },
  };
}
