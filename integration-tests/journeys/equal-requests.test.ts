import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@hyperslab/client';
import { JobState } from '@hyperslab/proto/scheduler';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { until } from '../harness/until.ts';

const expression = 'mean(sqrt(x_wind^2 + y_wind^2), time)';
/** Pressures of the run. */
const levels = 2;

function part(level: number): string {
  return `${expression}[pressure=#${level}]`;
}

function partOf(whole: Float32Array, level: number): Float32Array {
  const size = whole.length / levels;
  return whole.slice(level * size, (level + 1) * size);
}

// What one computed, another gets without computing; what is published anew is computed anew.
describe('requests of several people for the same', function () {
  this.timeout(120_000);
  let folder: string;
  let mesh: Mesh;
  let client: Client;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-equal-'));
    mesh = await startMesh({ roots: [folder] });
    client = await mesh.client();
    for (const size of ['2MiB', '4MiB']) {
      const made = await runHyperslab(['sample', join(folder, size), '--size', size]);
      assert.equal(made.code, 0, made.stderr);
    }
    await client.publish('run', [join(folder, '2MiB/')]);
  });

  after(async () => {
    await mesh?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function tasksDone(): Promise<number> {
    for await (const { totals } of client.watchCluster()) if (totals !== undefined) return totals.tasksDone;
    throw new Error('the scheduler says nothing of its tasks');
  }

  /** Computes as a new person does, and says how long that took from connecting to the values. */
  async function computeAnew(text = expression): Promise<{ values: Float32Array; ms: number }> {
    const startedMs = performance.now();
    const session = await connect({ state: mesh.state });
    try {
      const { values } = await (await session.open('run')).expression(text).compute();
      return { values: values as Float32Array, ms: performance.now() - startedMs };
    } finally {
      session.close();
    }
  }

  async function explain(text: string) {
    return (await client.open('run')).expression(text).explain();
  }

  it('are computed once', async () => {
    const first = await computeAnew();
    const before = await tasksDone();
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const again = await computeAnew();
      assert.deepEqual(again.values, first.values);
      times.push(again.ms);
    }
    assert.equal(await tasksDone(), before);
    const median = times.toSorted((a, b) => a - b)[2];
    console.log(
      `      first ${first.ms.toFixed(1)} ms, then ${median.toFixed(1)} ms from connecting to the values`,
    );
    await computeAnew('max(x_wind, time)');
    assert.ok((await tasksDone()) > before);
  });

  it('are computed again when the workers are gone that had it', async () => {
    const first = await computeAnew();
    const before = await tasksDone();
    await mesh.kill('worker-pool-1', 'worker-pool-2');
    await mesh.ready();
    assert.deepEqual((await computeAnew()).values, first.values);
    assert.ok((await tasksDone()) > before);
  });

  it('have parts of it, for which no stored values are read', async () => {
    const whole = await computeAnew();
    const { keptJob, sourceBytes, stages } = await explain(part(1));
    assert.notEqual(keptJob, '');
    assert.equal(sourceBytes, whole.values.byteLength / levels);
    const before = await tasksDone();
    for (let level = 0; level < levels; level++)
      assert.deepEqual((await computeAnew(part(level))).values, partOf(whole.values, level));
    const north = await computeAnew(`${expression}[pressure=#1, latitude=#-3:]`);
    assert.deepEqual(north.values, partOf(whole.values, 1).slice(-north.values.length));
    assert.deepEqual([stages.map(({ tasks }) => tasks), await tasksDone()], [[1], before + levels + 1]);
  });

  it('have no parts of what might be added in another order', async () => {
    const text = 'std(x_wind, time)';
    await computeAnew(text);
    await computeAnew('max(x_wind, time)');
    assert.equal((await explain(`${text}[pressure=#1]`)).keptJob, '');
    assert.notEqual((await explain('max(x_wind, time)[pressure=#1]')).keptJob, '');
  });

  it('have parts of it with the same bits though workers go that have it', async () => {
    // Nobody has had a part of this.
    const text = 'max(y_wind, time)';
    const whole = await computeAnew(text);
    const before = await tasksDone();
    const numbers = Array.from({ length: 2 * levels }, (_, number) => number % levels);
    const pids = await Promise.all(['worker-pool-1', 'worker-pool-2'].map(mesh.pidOf));
    // None of the parts is there when they go.
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    assert.notEqual((await explain(`${text}[pressure=#1]`)).keptJob, '');
    const parts = numbers.map((level) => computeAnew(`${text}[pressure=#${level}]`));
    await until('parts that wait', async () => {
      const waiting = await Array.fromAsync(client.jobs({ states: [JobState.JOB_STATE_RUNNING] }));
      return waiting.length === numbers.length ? true : undefined;
    });
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    for (const [number, { values }] of (await Promise.all(parts)).entries())
      assert.deepEqual(values, partOf(whole.values, numbers[number]));
    assert.ok((await tasksDone()) > before + levels, 'the whole is made again');
  });

  it('have the latest version', async () => {
    const first = await computeAnew();
    await client.publish('run', [join(folder, '4MiB/')]);
    const second = await computeAnew();
    assert.notDeepEqual(second.values, first.values);
  });
});
