import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@hyperslab/client';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

interface Expected {
  shape: number[];
  dtype: string;
  /** Of what was added on the way to a value, besides the value itself. */
  size: number;
  values: (number | null)[];
}

interface Written {
  file: string;
  about: Record<string, unknown>;
  /** By expression. */
  expected: Record<string, Expected>;
}

const cubes = 40;
/** A few last digits of types that round. */
const digits: Record<string, number> = { float32: 2 ** -21, float64: 2 ** -48 };

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
        for (const [text, { shape, dtype, size, values }] of Object.entries(expected)) {
          const what = `${text} of ${JSON.stringify(about)}`;
          const found = await dataset.expression(text).compute();
          assert.deepEqual([found.dtype, found.shape], [dtype, shape], what);
          values.forEach((value, i) => {
            assert.equal((found.mask?.[i] ?? 0) === 1, value === null, `${what}: missing at ${i}`);
            if (value === null) return;
            const got = Number(found.values[i]);
            const allowed = (digits[dtype] ?? 0) * (Math.abs(value) + size);
            assert.ok(Math.abs(got - value) <= allowed, `${what}: ${got} at ${i}, not ${value}`);
          });
        }
      }
    }));
});
