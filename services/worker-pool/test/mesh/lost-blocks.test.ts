import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedData } from '@hyperslab/testing';
import { callsOf } from './calls.ts';
import { type Services, startServices } from './start-services.ts';

const shared = sharedData();

describe('blocks that the disk of a worker lost (needs ../shared/data)', function () {
  this.timeout(60_000);
  let state: string;
  let services: Services;
  let calls: ReturnType<typeof callsOf>;

  before(async function () {
    if (shared === undefined) this.skip();
    state = await mkdtemp(join(tmpdir(), 'hyperslab-lost-'));
    // So little that every block goes to disk.
    services = await startServices(state, [shared], { HYPERSLAB_WORKER_MEMORY: '170MiB' });
    calls = callsOf(services);
    const { jobId } = await calls.submitPublish('north', [join(shared, 'nc4/A1B_north_america.nc')]);
    await calls.succeeded(jobId);
  });

  after(async () => {
    calls?.close();
    await services?.stopAll();
    if (state !== undefined) await rm(state, { recursive: true, force: true });
  });

  async function spillFiles(): Promise<string[]> {
    const names = await readdir(join(state, 'workers'), { recursive: true });
    return names.filter((name) => /spill\/\d+$/.test(name)).map((name) => join(state, 'workers', name));
  }

  it('are made again for whoever reads them, from any worker', async () => {
    const { jobId } = await calls.submitCompute('north', 'air_temperature * 2', true);
    await calls.succeeded(jobId);
    const before = await calls.read(jobId, 0);
    const files = await spillFiles();
    assert.ok(files.length > 0, 'nothing was spilled');
    for (const file of files) await rm(file);
    assert.deepEqual((await calls.read(jobId, 1)).values, before.values);
    for (const file of await spillFiles()) {
      const bytes = await readFile(file);
      bytes[bytes.length - 1] ^= 1;
      await writeFile(file, bytes);
    }
    assert.deepEqual((await calls.read(jobId, 0)).values, before.values);
  });
});
