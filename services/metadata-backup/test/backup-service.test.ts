import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackupServiceClient, JournalName } from '@hyperslab/proto/backup';
import type { Dataset } from '@hyperslab/proto/cube';
import { call, connect, openStream, serve } from '@hyperslab/rpc';
import { openObjectStore } from '@hyperslab/storage';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { openBackup } from '../src/open-backup.ts';
import { published, sampleManifest } from './sample-events.ts';

const describeDataset = (dataset: Dataset) => `# ${dataset.name} ${dataset.version}\n`;

/** A real backup on a folder, and a client. */
async function withBackup(
  folder: string,
  body: (client: BackupServiceClient, httpPort: number) => Promise<void>,
): Promise<void> {
  const log = createLogger('metadata-backup', { level: 'silent' });
  const metrics = createMetrics();
  const config = {
    state: folder,
    objects: join(folder, 'objects'),
    backupStore: join(folder, 'backup'),
    snapshotInterval: 1000,
    snapshotsKept: 2,
  };
  const backup = await openBackup(config, describeDataset, log, metrics);
  const { readiness, service } = backup;
  const services = [service];
  const server = await serve({ service: 'x', bind: '127.0.0.1', port: 0, services, readiness, log, metrics });
  const client = connect(BackupServiceClient, server.address);
  try {
    await body(client, server.httpPort);
  } finally {
    client.close();
    await server.stop(100);
    await backup.close();
  }
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return await check();
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(20);
    }
}

describe('the backup service', () => {
  it('keeps entries, manifests and documents, and finds them again', () =>
    withTemporaryDirectory(async (folder) => {
      const { bytes, ref } = sampleManifest('manifest one');
      const objects = openObjectStore(join(folder, 'objects'));
      await objects.put(`manifests/${ref.sha256}`, bytes);
      const entries = [published(1, 'a/b', ref), published(2, 'c')];
      await withBackup(folder, async (client) => {
        const request = { entries, allowMissingManifests: false };
        assert.deepEqual(await call(client, 'append', request), { durableSequence: 2 });
        assert.deepEqual(await readFile(join(folder, 'backup/manifests', ref.sha256)), bytes);
        await eventually(async () =>
          assert.equal(await readFile(join(folder, 'backup/markdown/a/b/1.md'), 'utf8'), '# a/b 1\n'),
        );
      });
      await rm(join(folder, 'backup/markdown'), { recursive: true });
      await withBackup(folder, async (client) => {
        assert.deepEqual(await call(client, 'getPosition', {}), { catalogSequence: 2, schedulerSequence: 0 });
        const request = { journal: JournalName.JOURNAL_NAME_CATALOG, fromSequence: 2 };
        assert.deepEqual(await Array.fromAsync(openStream(client, 'replay', request)), [entries[1]]);
        assert.deepEqual(await Array.fromAsync(openStream(client, 'export', {})), [
          { path: 'a/b/1.md', markdown: '# a/b 1\n' },
          { path: 'c/2.md', markdown: '# c 2\n' },
        ]);
        await eventually(async () =>
          assert.equal(await readFile(join(folder, 'backup/markdown/c/2.md'), 'utf8'), '# c 2\n'),
        );
        await rm(join(folder, 'objects'), { recursive: true });
        assert.deepEqual(await call(client, 'restoreObjects', {}), { restored: 1 });
        assert.deepEqual(await readFile(join(folder, 'objects/manifests', ref.sha256)), bytes);
      });
    }));

  it('refuses an entry whose manifest it can’t have, unless told to go on', () =>
    withTemporaryDirectory(async (folder) => {
      const { ref } = sampleManifest('nowhere');
      const entries = [published(1, 'a', ref)];
      await withBackup(folder, async (client) => {
        await assert.rejects(call(client, 'keepManifests', { manifests: [ref] }), {
          reason: 'OBJECT_NOT_FOUND',
        });
        await assert.rejects(call(client, 'append', { entries, allowMissingManifests: false }), {
          reason: 'OBJECT_NOT_FOUND',
        });
        assert.equal((await call(client, 'getPosition', {})).catalogSequence, 0);
        await call(client, 'append', { entries, allowMissingManifests: true });
        const { problems, ...counts } = await call(client, 'verify', { snapshotId: '' });
        assert.deepEqual(counts, { entries: 1, manifests: 1 });
        assert.match(problems.join(), new RegExp(`a@1: manifest ${ref.sha256} is not in `));
      });
    }));

  it('refuses a manifest that is not what its name says', () =>
    withTemporaryDirectory(async (folder) => {
      const { bytes, ref } = sampleManifest('right');
      const objects = openObjectStore(join(folder, 'objects'));
      await objects.put(`manifests/${ref.sha256}`, Buffer.from('wrong'));
      await withBackup(folder, async (client) => {
        await assert.rejects(call(client, 'keepManifests', { manifests: [ref] }), {
          reason: 'CHECKSUM_MISMATCH',
        });
        await objects.put(`manifests/${ref.sha256}`, bytes);
        await call(client, 'keepManifests', { manifests: [ref] });
      });
    }));

  it('takes snapshots, keeps the newest, and fills empty journals from them', () =>
    withTemporaryDirectory(async (folder) => {
      const entries = Array.from({ length: 600 }, (_, index) => published(index + 1));
      const scheduler = { event: { $case: 'scheduler' as const, value: { sequence: 1, change: undefined } } };
      await withBackup(folder, async (client) => {
        await call(client, 'append', { entries, allowMissingManifests: false });
        await call(client, 'append', { entries: [scheduler], allowMissingManifests: false });
        for (let index = 0; index < 3; index++) {
          await call(client, 'takeSnapshot', {});
          await sleep(5);
        }
        const { snapshots } = await call(client, 'listSnapshots', {});
        assert.equal(snapshots.length, 2);
        const [newest] = snapshots;
        assert.equal(newest.catalogSequence, 600);
        assert.equal(newest.schedulerSequence, 1);
        assert.equal(newest.versions, 600);
        const verified = await call(client, 'verify', { snapshotId: newest.snapshotId });
        assert.deepEqual(verified, { entries: 601, manifests: 0, problems: [] });
        await assert.rejects(call(client, 'verify', { snapshotId: 'x' }), { reason: 'SNAPSHOT_NOT_FOUND' });
      });
      await rm(join(folder, 'backup/journal'), { recursive: true });
      await withBackup(folder, async (client) => {
        assert.deepEqual(await call(client, 'getPosition', {}), {
          catalogSequence: 600,
          schedulerSequence: 1,
        });
        const request = { journal: JournalName.JOURNAL_NAME_CATALOG, fromSequence: 1 };
        assert.deepEqual(await Array.fromAsync(openStream(client, 'replay', request)), entries);
      });
    }));

  it('refuses entries that are no consecutive events of one journal', () =>
    withTemporaryDirectory((folder) =>
      withBackup(folder, async (client) => {
        for (const entries of [[], [published(0)], [published(1), published(3)], [{ event: undefined }]])
          await assert.rejects(call(client, 'append', { entries, allowMissingManifests: false }), {
            reason: 'INVALID_ARGUMENT',
          });
      }),
    ));
});
