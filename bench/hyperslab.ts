import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@hyperslab/client';
import { openAgain } from './open-again.ts';
import { peakOf } from './peak-memory.ts';
import { processTree } from './process-tree.ts';
import type { Measurement } from './table.ts';

const hyperslab = join(import.meta.dirname, '../node_modules/.bin/hyperslab');
const portOffset = '20000';

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/**
 * One round on a mesh of its own with two workers of one thread: publish (open, merge, make durable), open again in a new session, and
 * the mean over time, three times as the peers: the first warms up. The chunk cache is off: a mean decodes what it reads.
 */
export async function measureHyperslab(folder: string, parameter: string): Promise<Measurement> {
  const state = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
  const off = { HYPERSLAB_WORKER_CACHE_BYTES: '0', HYPERSLAB_KEPT_RESULT_BYTES: '0' };
  const env = { ...process.env, ...off, HYPERSLAB_WORKER_THREADS: '1' };
  const up = [
    'up',
    '--state',
    state,
    '--root',
    folder,
    '--no-sample',
    '--detach',
    '--port-offset',
    portOffset,
  ];
  execFileSync(hyperslab, up, { env, stdio: 'inherit' });
  try {
    const client = await connect({ state });
    const openS = await seconds(() => client.publish('bench/run', [`${folder}/*.nc`]));
    const reopenS = openAgain(state, 'bench/run').process / 1000;
    const run = await client.open('bench/run');
    const means: number[] = [];
    let checksum = Number.NaN;
    for (let i = 0; i < 3; i++) {
      const started = performance.now();
      const mean = await run.cube(parameter).mean('time').compute();
      means.push((performance.now() - started) / 1000);
      checksum = averageOf(mean.values as Float32Array);
    }
    const lock = Number(JSON.parse(readFileSync(join(state, 'lock'), 'utf8')).pid);
    const peakMib = processTree(lock).reduce((sum, pid) => sum + peakOf(pid), 0);
    client.close();
    return { openS, reopenS, meanS: Math.min(...means.slice(1)), peakMib, checksum };
  } finally {
    execFileSync(hyperslab, ['down', '--state', state], { stdio: 'inherit' });
    rmSync(state, { recursive: true, force: true });
  }
}

function averageOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
