import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, openStream } from '@hyperslab/rpc';
import { pythonPath } from '@hyperslab/testing';
import { callsOf } from './calls.ts';
import { type Services, startServices } from './start-services.ts';

const python = pythonPath();
const readers = 24;
const limit = 512 * 2 ** 20;

/** 96 MB that hardly compress, in chunks of 16 MB: each reader has several of them on their way. */
const script = `
import sys, numpy, netCDF4
with netCDF4.Dataset(sys.argv[1], 'w') as f:
    for name, size in (('t', 24), ('y', 1000), ('x', 1000)):
        f.createDimension(name, size)
    v = f.createVariable('v', 'f4', ('t', 'y', 'x'), chunksizes=(4, 1000, 1000), zlib=True, complevel=1)
    v[:] = numpy.random.default_rng(1).random((24, 1000, 1000), 'f4')
`;

describe('many slow readers of one worker (needs Python with netCDF4)', function () {
  this.timeout(120_000);
  let state: string;
  let services: Services;
  let calls: ReturnType<typeof callsOf>;

  before(async function () {
    if (python === undefined) this.skip();
    state = await mkdtemp(join(tmpdir(), 'hyperslab-readers-'));
    execFileSync(python, ['-c', script, join(state, 'large.nc')]);
    services = await startServices(state, [], { HYPERSLAB_WORKER_MEMORY: String(limit) });
    calls = callsOf(services);
    const { jobId } = await calls.submitPublish('large', [join(state, 'large.nc')]);
    await calls.succeeded(jobId);
  });

  after(async () => {
    calls?.close();
    await services?.stopAll();
    if (state !== undefined) await rm(state, { recursive: true, force: true });
  });

  it('are all served in their turn, within its memory', async () => {
    const selection = { dataset: 'large@1', variable: 'v', ranges: [], droppedDimensions: [] };
    const request = { selection, variable: undefined, manifest: undefined, stored: false };
    let highest = 0;
    const watch = setInterval(async () => {
      const { workers } = await call(calls.scheduler, 'getCluster', {}).catch(() => ({ workers: [] }));
      highest = Math.max(highest, ...workers.map(({ report }) => report?.rss ?? 0));
    }, 200);
    const read = async (): Promise<number> => {
      let bytes = 0;
      for await (const { data } of openStream(calls.workers[0], 'readArray', request, {
        deadlineMs: 90_000,
      })) {
        bytes += data.length;
        if (bytes > 12 * 2 ** 20) break;
        if (bytes > 0 && bytes <= 2 ** 20) await sleep(300);
      }
      return bytes;
    };
    const served = await Promise.all(Array.from({ length: readers }, read));
    clearInterval(watch);
    assert.ok(served.every((bytes) => bytes > 12 * 2 ** 20));
    assert.ok(highest > 0 && highest < limit, `${Math.round(highest / 2 ** 20)} MiB`);
    console.error(`      highest: ${Math.round(highest / 2 ** 20)} of ${limit / 2 ** 20} MiB`);
  });
});
