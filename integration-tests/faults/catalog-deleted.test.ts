import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Dataset } from '@hyperslab/proto/cube';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

// Losing a folder loses nothing: the backup gives the catalog back, and the catalog fills an emptied backup.
describe('deleted folders', function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let run: string;

  before(async () => {
    mesh = await startMesh();
    run = join(mesh.state, 'run');
    assert.equal((await mesh.hyperslab(['sample', run, '--size', '2MiB'])).code, 0);
    const client = await mesh.client();
    for (let version = 1; version <= 3; version++) await client.publish('kept/run', [`${run}/`]);
    await client.publish('kept/other', [`${run}/`]);
    await client.aliases('kept/run').set('operational', 2);
    await client.unpublish('kept/run@1');
  });

  after(() => mesh?.stop());

  async function everything(): Promise<Record<string, unknown>> {
    const client = await mesh.client();
    const versions: Record<string, unknown> = {};
    for await (const { name } of client.list()) {
      versions[`${name} aliases`] = await client.aliases(name).list();
      for await (const summary of client.versions(name)) {
        const reference = `${name}@${summary.version}`;
        const metadata = summary.unpublished ? undefined : (await client.open(reference)).metadata;
        versions[reference] = { summary, metadata: metadata && Dataset.toJSON(metadata) };
      }
    }
    return versions;
  }

  for (const folder of ['catalog', 'backup', 'scheduler']) {
    it(`has all versions, aliases and hidden ones again after ${folder} was deleted`, async () => {
      const before = await everything();
      assert.deepEqual(Object.keys(before).sort(), [
        'kept/other aliases',
        'kept/other@1',
        'kept/run aliases',
        'kept/run@1',
        'kept/run@2',
        'kept/run@3',
      ]);
      await mesh.down();
      await rm(join(mesh.state, folder), { recursive: true });
      await mesh.up();
      await mesh.ready();
      assert.deepEqual(await everything(), before);
      const client = await mesh.client();
      const mean = await (await client.open('kept/run@operational')).cube('t').mean().compute();
      assert.ok(Number(mean.values[0]) > 100, 'its data can still be read');
    });
  }

  it('never gives a version number twice', async () => {
    const client = await mesh.client();
    assert.equal((await client.publish('kept/run', [`${run}/`])).version, 4);
  });
});
