import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@hyperslab/client';
import { peakOf } from '../peak-memory.ts';
import { processTree } from '../process-tree.ts';

/** A mesh with two workers of one thread that has published a run. */
export interface BenchMesh {
  state: string;
  /** Name of the run. */
  dataset: string;
  /** Begins to take the largest resident memory of its processes anew. */
  forgetPeaks(): void;
  /** Largest resident memory of each of its processes, summed. */
  peakMib(): number;
  /** That of the largest, a worker. */
  workerMib(): number;
  stop(): void;
}

const hyperslab = join(import.meta.dirname, '../../node_modules/.bin/hyperslab');
const run = promisify(execFile);
const dataset = 'bench/run';
/** Other than those of the other benches. */
const portOffset = '22000';
/** What a process writes to /proc/PID/clear_refs to have its VmHWM begin anew (proc_pid_clear_refs(5)). */
const resetPeak = '5';

/** Starts a mesh that may read a root, a folder or a prefix, and publishes what is there. `env` has its settings, and how a store is reached. */
export async function startMesh(root: string, env: Record<string, string>): Promise<BenchMesh> {
  const state = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
  const up = ['up', '--state', state, '--root', root, '--no-sample', '--detach', '--port-offset', portOffset];
  const forget = () => rmSync(state, { recursive: true, force: true });
  const stop = () => {
    execFileSync(hyperslab, ['down', '--state', state], { stdio: 'ignore' });
    forget();
  };
  // Not synchronously: the line to a distant store is in this process.
  const settings = { ...process.env, HYPERSLAB_WORKER_THREADS: '1', ...env };
  await run(hyperslab, up, { env: settings }).catch((error) => {
    forget();
    throw error;
  });
  try {
    const client = await connect({ state });
    await client.publish(dataset, [root.endsWith('/') ? root : `${root}/`]);
    client.close();
  } catch (error) {
    stop();
    throw error;
  }
  const supervisor = Number(JSON.parse(readFileSync(join(state, 'lock'), 'utf8')).pid);
  return {
    state,
    dataset,
    forgetPeaks() {
      for (const pid of processTree(supervisor)) writeFileSync(`/proc/${pid}/clear_refs`, resetPeak);
    },
    peakMib: () => processTree(supervisor).reduce((sum, pid) => sum + peakOf(pid), 0),
    workerMib: () => Math.max(...processTree(supervisor).map(peakOf)),
    stop,
  };
}
