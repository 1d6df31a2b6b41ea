import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@hyperslab/client';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

interface Written {
  file: string;
  about: Record<string, unknown>;
  /** By expression. */
  expected: Record<string, { shape: number[]; values: (number | null)[] }>;
}

const cubes = 40;

describe('cubes of any type, packing, calendar and shape', function () {
  this.timeout(300_000);
  let mesh: Mesh;
  let client: Client;

  before(async function () {
    if (!hasPython('netCDF4', 'cftime')) skip(this, 'no netCDF4; "npm test" installs it');
    mesh = await startMesh();
    client = await mesh.client();
  });
  after(() => mesh?.stop());

  it('are computed as netCDF4 reads them and NumPy computes', () =>
    withRandomSeed(async (seed) => {
      const folder = join(mesh.state, 'cubes');
      await mkdir(folder, { recursive: true });
      const script = join(import.meta.dirname, '../reference/write-any-cubes.py');
      const written = runPython<Written>(script, folder, seed, cubes);
      assert.equal(written.length, cubes);
      for (const [number, { file, about, expected }] of written.entries()) {
        const name = `cubes/${number}`;
        await client.publish(name, [file]);
        const dataset = await client.open(name);
        for (const [text, { shape, values }] of Object.entries(expected)) {
          const what = `${text} of ${JSON.stringify(about)}`;
          const found = await dataset.expression(text).compute();
          assert.deepEqual(found.shape, shape, what);
          // Of float32 that is subtracted from its mean, digits are left as many as the values have.
          const size = Math.max(1, ...expected.t.values.map((each) => Math.abs(each ?? 0)));
          values.forEach((value, i) => {
            assert.equal((found.mask?.[i] ?? 0) === 1, value === null, `${what}: missing at ${i}`);
            if (value === null) return;
            const got = Number(found.values[i]);
            assert.ok(Math.abs(got - value) <= 1e-5 * size, `${what}: ${got} at ${i}, not ${value}`);
          });
        }
      }
    }));
});
