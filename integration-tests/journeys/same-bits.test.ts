import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const expressions = [
  'mean(t)',
  'mean(t, time)',
  'max(u, pressure)',
  'mean(q, latitude, longitude)',
  'std(z - mean(z, time), time)',
  'mean(w, latitude, longitude, weights=area)',
  'sqrt(u^2 + v^2)[time=#0]',
];
const callers = 6;
const rounds = 5;

// Threads share an arena and blocks; workers with little memory give some of it back all the time.
describe('the same computations by many callers at once', function () {
  this.timeout(300_000);
  let mesh: Mesh;

  before(async () => {
    mesh = await startMesh({
      workerMemory: '512MiB',
      env: { HYPERSLAB_KEPT_RESULT_BYTES: '0', HYPERSLAB_WORKER_THREADS: '2' },
    });
    const run = join(mesh.state, 'run');
    assert.equal((await mesh.hyperslab(['sample', run, '--size', '96MiB'])).code, 0);
    assert.equal((await mesh.hyperslab(['publish', 'run', `${run}/`])).code, 0);
  });
  after(() => mesh?.stop());

  it('come to the same bits, whoever computes them and what runs beside them', async () => {
    const run = await (await mesh.client()).open('run');
    const compute = async (text: string) => {
      const { values, mask } = await run.expression(text).compute();
      const { buffer, byteOffset, byteLength } = values as Float32Array;
      return Buffer.concat([new Uint8Array(buffer, byteOffset, byteLength), mask ?? new Uint8Array(0)]);
    };
    const expected = new Map<string, Buffer>();
    for (const text of expressions) expected.set(text, await compute(text));
    const call = async (caller: number) => {
      for (let i = caller; i < caller + rounds * expressions.length; i++) {
        const text = expressions[i % expressions.length];
        assert.ok((await compute(text)).equals(expected.get(text)!), text);
      }
    };
    await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  });
});
