import { BackupServiceService } from '@hyperslab/proto/backup';
import type { Dataset } from '@hyperslab/proto/cube';
import { implement, type ServedService, serverStream, unary } from '@hyperslab/rpc';
import type { Backup } from './backup.ts';
import { documentPath } from './documents/document-path.ts';
import type { ManifestKeeper } from './manifest-keeper.ts';
import type { Snapshots } from './snapshot/snapshots.ts';

/** BackupService: messages in, calls out. */
export function backupService(
  backup: Backup,
  manifests: ManifestKeeper,
  snapshots: Snapshots,
  describe: (dataset: Dataset) => string,
): ServedService {
  return implement(BackupServiceService, {
    keepManifests: unary(async (request, { signal }) => {
      for (const manifest of request.manifests) await manifests.keep(manifest, signal);
      return {};
    }),
    append: unary(async ({ entries, allowMissingManifests }, { signal }) => ({
      durableSequence: await backup.append(entries, allowMissingManifests, signal),
    })),
    getPosition: unary(() => backup.position()),
    replay: serverStream(({ journal, fromSequence }) => backup.replay(journal, fromSequence)),
    takeSnapshot: unary(() => backup.takeSnapshot()),
    listSnapshots: unary(async () => ({ snapshots: await snapshots.list() })),
    verify: unary(({ snapshotId }, { signal }) => backup.verify(snapshotId, signal)),
    restoreObjects: unary(async (_request, { signal }) => ({
      restored: await backup.restoreObjects(signal),
    })),
    export: serverStream(async function* () {
      for await (const dataset of backup.datasets()) {
        const path = documentPath(dataset);
        if (path !== undefined) yield { path, markdown: describe(dataset) };
      }
    }),
  });
}
