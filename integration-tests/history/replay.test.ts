import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isHyperslabError } from '@hyperslab/errors';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { meshContent } from './mesh-content.ts';

const recorded = fileURLToPath(new URL('recorded/', import.meta.url));

// What services of earlier versions wrote is read by those of today, whatever format it is in.
for (const format of await readdir(recorded)) {
  describe(`a mesh that was recorded in ${format}`, function () {
    this.timeout(120_000);
    let mesh: Mesh;
    let expected: { content: Record<string, unknown>; persisted: string; values: number[]; released: string };

    before(async () => {
      expected = JSON.parse(await readFile(join(recorded, format, 'expected.json'), 'utf8'));
      mesh = await startMesh();
    });

    after(() => mesh?.stop());

    /** Starts the mesh on a recorded state, or on some parts of it. */
    async function startOn(parts: readonly string[]): Promise<void> {
      await mesh.down();
      for (const part of await readdir(mesh.state))
        await rm(join(mesh.state, part), { recursive: true, force: true });
      for (const part of parts)
        await cp(join(recorded, format, part), join(mesh.state, part), { recursive: true });
      await mesh.up();
    }

    async function assertAllThere(): Promise<void> {
      const client = await mesh.client();
      assert.deepEqual(await meshContent(client), expected.content);
      const { values } = await client.persisted(expected.persisted).compute();
      assert.deepEqual([...values], expected.values);
      await assert.rejects(client.persisted(expected.released).compute(), (error) =>
        isHyperslabError(error, 'JOB_NOT_FOUND'),
      );
      const { code, stdout, stderr } = await mesh.hyperslab(['backup', 'verify']);
      assert.equal(code, 0, `${stdout}${stderr}`);
    }

    it('is all there', async () => {
      await startOn(['catalog', 'scheduler', 'backup', 'objects']);
      await assertAllThere();
    });

    it('is brought back by its backup alone', async () => {
      await startOn(['backup', 'objects']);
      await assertAllThere();
    });

    it('is verified by its snapshot', async () => {
      const [snapshot] = await readdir(join(recorded, format, 'backup/snapshots'));
      const { code, stderr } = await mesh.hyperslab(['backup', 'verify', snapshot.replace('.zst', '')]);
      assert.equal(code, 0, stderr);
    });
  });
}
