import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@hyperslab/config';
import type { JournalEntry } from '@hyperslab/proto/backup';
import type { Dataset } from '@hyperslab/proto/cube';
import type { ServedService } from '@hyperslab/rpc';
import { openObjectStore } from '@hyperslab/storage';
import { type Logger, type Metrics, metricNames } from '@hyperslab/telemetry';
import { Backup } from './backup.ts';
import { backupService } from './backup-service.ts';
import { createMarkdownWriter } from './documents/markdown-writer.ts';
import { type Journal, openJournal } from './journal/journal.ts';
import { createManifestKeeper } from './manifest-keeper.ts';
import { isSnapshotDue } from './snapshot/schedule.ts';
import { createSnapshots, type Snapshots } from './snapshot/snapshots.ts';

/** A backup that is open. */
export interface OpenBackup {
  service: ServedService;
  /** Why it takes nothing more, or undefined. */
  readiness: () => string | undefined;
  close(): Promise<void>;
}

const scheduleCheckMs = 60_000;

/**
 * Opens the backup: journals and Markdown in a local folder (the backup store itself where that is a folder), copies of
 * manifests and snapshots in the backup store. Empty journals are filled from the newest snapshot, if there is one.
 */
export async function openBackup(
  config: Pick<Config, 'state' | 'objects' | 'backupStore' | 'snapshotInterval' | 'snapshotsKept'>,
  describe: (dataset: Dataset) => string,
  log: Logger,
  metrics: Metrics,
): Promise<OpenBackup> {
  const local = localFolder(config);
  const objects = openObjectStore(config.objects);
  const store = openObjectStore(config.backupStore);
  const snapshots = createSnapshots(store, config.snapshotsKept, (key, error) =>
    log.warn({ err: error, key }, 'an object among the snapshots can’t be read'),
  );
  const catalog = await openCounted(local, 'catalog', metrics);
  const scheduler = await openCounted(local, 'scheduler', metrics);
  await fillFromSnapshot(catalog, scheduler, snapshots, log);

  const manifests = createManifestKeeper(objects, store);
  const markdown = createMarkdownWriter(join(local, 'markdown'), catalog, describe, (error, path) =>
    log.warn({ err: error, path }, 'could not write a dataset as Markdown'),
  );
  metrics.gauge(...metricNames.backupMarkdownPending).observe(() => markdown.pending);
  const warn = (message: string) => log.warn(message);
  const backup = new Backup({ catalog, scheduler, manifests, snapshots, markdown, warn });
  markdown.wake();
  log.info(backup.position(), 'journals are open');

  const lastSnapshot = metrics.gauge(...metricNames.backupSnapshotSeconds);
  const snapshotIfDue = async () => {
    const [newest] = await snapshots.list();
    if (newest) lastSnapshot.set(Number(newest.taken) / 1000);
    if (!isSnapshotDue(backup.position(), newest, config.snapshotInterval, Date.now())) return;
    const { snapshotId, bytes } = await backup.takeSnapshot();
    log.info({ snapshotId, bytes }, 'took a snapshot');
  };
  const timer = setInterval(
    () => snapshotIfDue().catch((error) => log.error({ err: error }, 'could not take a snapshot')),
    scheduleCheckMs,
  ).unref();

  return {
    service: backupService(backup, manifests, snapshots, describe),
    readiness: () => (catalog.broken ?? scheduler.broken)?.message,
    async close() {
      clearInterval(timer);
      await markdown.close();
      await Promise.all([catalog.close(), scheduler.close()]);
      await Promise.all([objects.close(), store.close()]);
    },
  };
}

/** Journals and documents are files, also where copies of manifests and snapshots go to S3. */
function localFolder({ state, backupStore }: Pick<Config, 'state' | 'backupStore'>): string {
  if (backupStore.startsWith('file://')) return fileURLToPath(backupStore);
  return backupStore.includes('://') ? join(state, 'backup') : backupStore;
}

async function openCounted(folder: string, name: string, metrics: Metrics): Promise<Journal> {
  const labels = { journal: name };
  const journal = await openJournal(join(folder, 'journal', `${name}.journal`), (entries) => {
    metrics.counter(...metricNames.backupSyncs).increment(1, labels);
    metrics.counter(...metricNames.backupAppends).increment(entries, labels);
  });
  metrics.gauge(...metricNames.backupSequence).observe(() => journal.position, labels);
  return journal;
}

/** A volume with the journals can be lost while the store with the snapshots is not. */
async function fillFromSnapshot(
  catalog: Journal,
  scheduler: Journal,
  snapshots: Snapshots,
  log: Logger,
): Promise<void> {
  if (catalog.position + scheduler.position > 0) return;
  const [newest] = await snapshots.list();
  if (!newest) return;
  for await (const group of grouped(snapshots.read(newest.snapshotId)))
    await (group[0].event?.$case === 'catalog' ? catalog : scheduler).append(group);
  log.warn(
    { snapshotId: newest.snapshotId },
    'the journals were empty; filled them from the newest snapshot',
  );
}

/** Consecutive entries of one journal together. */
async function* grouped(
  entries: AsyncIterable<JournalEntry>,
): AsyncGenerator<JournalEntry[], void, undefined> {
  let group: JournalEntry[] = [];
  for await (const entry of entries) {
    if (group.length === 256 || (group.length > 0 && group[0].event?.$case !== entry.event?.$case)) {
      yield group;
      group = [];
    }
    group.push(entry);
  }
  if (group.length > 0) yield group;
}
