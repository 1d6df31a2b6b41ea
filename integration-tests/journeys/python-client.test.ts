import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pythonPath, repository } from '@hyperslab/testing';
import { runProgram } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const program = join(repository, 'clients/python/hyperslab_client.py');

describe('a client from another language', function () {
  this.timeout(120_000);
  const python = pythonPath();
  let mesh: Mesh;

  before(async function () {
    if (python === undefined) {
      console.log('skipped: no Python with grpcio; `node tools/setup.mjs --tests` prepares it');
      this.skip();
    }
    mesh = await startMesh({ sample: true });
  });
  after(() => mesh?.stop());

  /** Runs the Python client against the mesh and answers what it printed. */
  async function run(...args: string[]) {
    const endpoints = join(mesh.state, 'endpoints.json');
    const { code, json, stderr } = await runProgram(python!, [program, '--endpoints', endpoints, ...args]);
    assert.equal(code, 0, stderr);
    return json;
  }

  it('lists what `ls` lists', async () => {
    assert.deepEqual(await run('list'), (await mesh.hyperslab(['ls', '--json'])).json);
  });

  it('opens a dataset with its cubes', async () => {
    const opened = await run('open', 'sample/run');
    const shown = (await mesh.hyperslab(['show', 'sample/run', '--json'])).json;
    const parts = shown.cubes.map((cube: Record<string, unknown>) => {
      const { name, units, dimensions, shape } = cube;
      return { name, units, dimensions, shape };
    });
    assert.deepEqual(opened.cubes, parts);
  });

  it('computes the values that `compute` prints', async () => {
    const [cube] = (await mesh.hyperslab(['show', 'sample/run', '--json'])).json.cubes;
    for (const expression of [`mean(${cube.name}, time)`, `${cube.name}[time=#0]`]) {
      const here = await run('compute', 'sample/run', expression);
      const there = (await mesh.hyperslab(['compute', 'sample/run', expression, '--json'])).json;
      assert.deepEqual(here.shape, there.shape);
      assert.deepEqual(here.values, there.values);
      assert.deepEqual([here.units, here.dtype], [there.units, there.dtype]);
    }
  });

  it('is told what is wrong', async () => {
    const endpoints = join(mesh.state, 'endpoints.json');
    const { code, stderr } = await runProgram(python!, [
      program,
      '--endpoints',
      endpoints,
      'open',
      'no/such',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /^NOT_FOUND: .*no\/such/);
  });
});
