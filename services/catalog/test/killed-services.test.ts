import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { Dataset } from '@hyperslab/proto/cube';
import { call, connect, openStream } from '@hyperslab/rpc';
import { openObjectStore } from '@hyperslab/storage';
import { freeServicePort, withTemporaryDirectory } from '@hyperslab/testing';
import { ServiceProcess } from './service-process.ts';
import { eventually } from './temporary-catalog.ts';

interface Mesh {
  state: string;
  catalog: ServiceProcess;
  backup: ServiceProcess;
  client: CatalogServiceClient;
  backupClient: BackupServiceClient;
}

async function withMesh(body: (mesh: Mesh) => Promise<void>): Promise<void> {
  await withTemporaryDirectory(async (state) => {
    const [catalogPort, backupPort] = [await freeServicePort(), await freeServicePort()];
    const env = {
      HYPERSLAB_STATE: state,
      HYPERSLAB_CATALOG_PORT: String(catalogPort),
      HYPERSLAB_METADATA_BACKUP_PORT: String(backupPort),
      HYPERSLAB_METADATA_BACKUP: `127.0.0.1:${backupPort}`,
    };
    const catalog = new ServiceProcess('catalog', catalogPort, env);
    const backup = new ServiceProcess('metadata-backup', backupPort, env);
    const client = connect(CatalogServiceClient, catalog.address, { caller: 'tester' });
    const backupClient = connect(BackupServiceClient, backup.address);
    try {
      await Promise.all([backup.start(), catalog.start()]);
      await body({ state, catalog, backup, client, backupClient });
    } finally {
      client.close();
      backupClient.close();
      await Promise.all([catalog.kill(), backup.kill()]);
    }
  });
}

/** A dataset with a manifest of its own, in the object store. */
async function sampleDataset({ state }: Mesh, name: string, title: string): Promise<Dataset> {
  const bytes = Buffer.from(`manifest of ${name} ${title}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await openObjectStore(join(state, 'objects')).put(`manifests/${sha256}`, bytes);
  const cubes = Array.from({ length: 5 }, (_, index) => ({
    name: `cube${index}`,
    units: 'K',
    shape: [3, index],
  }));
  return Dataset.fromPartial({ name, title, cubes, manifest: { sha256, size: bytes.length } });
}

interface Burst {
  /** Waits until so many were acknowledged. */
  reached(count: number): Promise<void>;
  /** Ends it and answers what was acknowledged, by title. */
  stop(): Promise<Map<string, Dataset>>;
}

/** Publishes as fast as it goes until told to stop. */
function burst(mesh: Mesh, label: string, writers: number): Burst {
  const acknowledged = new Map<string, Dataset>();
  let stopped = false;
  const write = async (writer: number) => {
    for (let index = 0; !stopped; index++) {
      const title = `${label}-${writer}-${index}`;
      const dataset = await sampleDataset(mesh, `run${writer % 2}`, title);
      const request = { requestId: title, dataset };
      const done = await call(mesh.client, 'commitVersion', request, { deadlineMs: 5_000 }).catch(() =>
        sleep(20),
      );
      if (done) acknowledged.set(title, done);
    }
  };
  const all = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return {
    async reached(count) {
      await eventually(() => assert.ok(acknowledged.size >= count, `${acknowledged.size} publishes`), 20_000);
    },
    async stop() {
      stopped = true;
      await all;
      return acknowledged;
    },
  };
}

/** Every acknowledged version is there as it was acknowledged, versions have no gaps, and catalog and backup agree. */
async function assertWhole(
  { client, backupClient }: Mesh,
  acknowledged: Map<string, Dataset>,
): Promise<void> {
  await Promise.all(
    [...acknowledged.values()].map(async (dataset) => {
      const reference = `${dataset.name}@${dataset.version}`;
      assert.deepEqual(await call(client, 'getDataset', { reference }, { retry: true }), dataset);
    }),
  );
  const { catalogSequence } = await call(backupClient, 'getPosition', {}, { retry: true });
  const seen = new Map<string, number>();
  let events = 0;
  for await (const { sequence, change } of openStream(client, 'watchCatalog', { fromSequence: 1 })) {
    assert.equal(sequence, ++events);
    assert.equal(change?.$case, 'published');
    const { name, version } = change.value as Dataset;
    assert.equal(version, (seen.get(name) ?? 0) + 1);
    seen.set(name, version);
    if (sequence === catalogSequence) break;
  }
  const problems = (await call(backupClient, 'verify', { snapshotId: '' }, { retry: true })).problems;
  assert.deepEqual(problems, []);
}

describe('catalog and backup as processes', function () {
  this.timeout(120_000);

  it('lose no acknowledged publish and show no half one when killed in the middle of many', () =>
    withMesh(async (mesh) => {
      const { catalog, backup } = mesh;
      const everything = new Map<string, Dataset>();
      const victims = [[catalog], [backup], [catalog, backup]];
      for (const [round, killed] of victims.entries()) {
        const writing = burst(mesh, `round${round}`, 8);
        await writing.reached(30);
        await Promise.all(killed.map((service) => service.kill()));
        await sleep(100);
        await Promise.all(killed.map((service) => service.start()));
        await writing.reached(60);
        const acknowledged = await writing.stop();
        for (const [title, dataset] of acknowledged) everything.set(title, dataset);
        await assertWhole(mesh, everything);
      }
      // Asked again with the same request_id, each answers the same version.
      for (const [title, dataset] of [...everything].slice(-20)) {
        const again = {
          requestId: title,
          dataset: { ...dataset, version: 0, published: undefined, publisher: '' },
        };
        assert.deepEqual(await call(mesh.client, 'commitVersion', again, { retry: true }), dataset);
      }
    }));

  it('restore a deleted catalog folder and fill a deleted backup folder again', () =>
    withMesh(async (mesh) => {
      const { state, catalog, backup, client } = mesh;
      const acknowledged = new Map<string, Dataset>();
      for (const title of ['one', 'two', 'three']) {
        const request = { requestId: title, dataset: await sampleDataset(mesh, 'run', title) };
        acknowledged.set(title, await call(client, 'commitVersion', request));
      }
      await catalog.kill();
      await rm(join(state, 'catalog'), { recursive: true });
      await catalog.start();
      await assertWhole(mesh, acknowledged);

      await backup.kill();
      await rm(join(state, 'backup'), { recursive: true });
      await backup.start();
      await eventually(async () => {
        const { catalogSequence } = await call(mesh.backupClient, 'getPosition', {}, { retry: true });
        assert.equal(catalogSequence, 3);
      }, 15_000);
      await assertWhole(mesh, acknowledged);
      assert.equal((await readdir(join(state, 'backup/manifests'))).length, 3);
      await eventually(async () =>
        assert.match(await readFile(join(state, 'backup/markdown/run/2.md'), 'utf8'), /cube4/),
      );
    }));

  it('serve what is there while the backup is away, and say what to do', () =>
    withMesh(async (mesh) => {
      const { catalog, backup, client } = mesh;
      const dataset = await sampleDataset(mesh, 'run', 'one');
      const first = await call(client, 'commitVersion', { requestId: 'one', dataset });
      await Promise.all([catalog.kill(), backup.kill()]);
      await catalog.start();
      assert.deepEqual(await call(client, 'getDataset', { reference: 'run' }, { retry: true }), first);
      const next = { requestId: 'two', dataset: await sampleDataset(mesh, 'run', 'two') };
      await assert.rejects(call(client, 'commitVersion', next, { deadlineMs: 5_000 }), (error: Error) => {
        assert.match(error.message, /BackupService at .* is not reachable.*is it running\?/);
        return true;
      });
      await backup.start();
      assert.equal((await call(client, 'commitVersion', next, { retry: true })).version, 2);
      assert.equal(await catalog.kill('SIGTERM'), 0);
      assert.equal(await backup.kill('SIGTERM'), 0);
    }));
});
