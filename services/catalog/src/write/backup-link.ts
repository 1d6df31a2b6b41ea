import { type BackupServiceClient, JournalName } from '@hyperslab/proto/backup';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import type { ManifestRef } from '@hyperslab/proto/cube';
import { call, openStream } from '@hyperslab/rpc';

/** What the catalog needs of the backup. */
export interface BackupLink {
  /** Last event that the backup has. */
  position(): Promise<number>;
  /** Makes consecutive events durable. */
  append(events: readonly CatalogEvent[]): Promise<void>;
  /** Events of the backup from a number on. */
  replay(fromSequence: number): AsyncIterable<CatalogEvent>;
  /** Makes a manifest durable. */
  keepManifest(manifest: ManifestRef, signal?: AbortSignal): Promise<void>;
}

/** Copying manifests to a slow store is part of it. */
const appendTimeoutMs = 120_000;
const askTimeoutMs = 10_000;

/** The link over gRPC. Its errors are HyperslabErrors; nothing is tried twice. */
export function backupLink(client: BackupServiceClient): BackupLink {
  return {
    position: async () =>
      (await call(client, 'getPosition', {}, { deadlineMs: askTimeoutMs })).catalogSequence,
    async append(events) {
      const entries = events.map((value) => ({ event: { $case: 'catalog' as const, value } }));
      // Their manifests were kept before they were given a number; one that is gone since must not hold up the rest.
      const request = { entries, allowMissingManifests: true };
      await call(client, 'append', request, { deadlineMs: appendTimeoutMs });
    },
    async *replay(fromSequence) {
      const request = { journal: JournalName.JOURNAL_NAME_CATALOG, fromSequence };
      for await (const { event } of openStream(client, 'replay', request))
        if (event?.$case === 'catalog') yield event.value;
    },
    async keepManifest(manifest, signal) {
      await call(client, 'keepManifests', { manifests: [manifest] }, { deadlineMs: appendTimeoutMs, signal });
    },
  };
}
