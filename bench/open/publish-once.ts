import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Client, connect } from '@hyperslab/client';
import { type OpenedAgain, openAgain } from '../open-again.ts';
import { peakOf } from '../peak-memory.ts';
import { processTree } from '../process-tree.ts';

/** A publish on a mesh of its own with two workers. */
export interface PublishedOnce {
  /** The first publish of such files on this mesh. */
  seconds: number;
  /** The same once more, all files read and indexed anew. */
  secondsThen: number;
  again: OpenedAgain;
  shape: number[];
  /** Of a file, to index it. */
  kib: number;
  requests: number;
  /** Largest resident memory of each process of the mesh, summed. */
  peakMib: number;
}

const hyperslab = join(import.meta.dirname, '../../node_modules/.bin/hyperslab');
const run = promisify(execFile);

/** Publishes what lies below a root: a folder or a prefix. `env` says how a store is reached. */
export async function publishOnce(
  root: string,
  parameter: string,
  env: Record<string, string> = {},
): Promise<PublishedOnce> {
  const state = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
  const up = ['up', '--state', state, '--root', root, '--detach', '--port-offset', '20000'];
  // Not synchronously: the line to a distant store is in this process.
  await run(hyperslab, up, { env: { ...process.env, HYPERSLAB_WORKER_THREADS: '1', ...env } });
  try {
    const client = await connect({ state });
    const started = performance.now();
    await client.publish('bench/run', [root.endsWith('/') ? root : `${root}/`]);
    const seconds = (performance.now() - started) / 1000;
    const requests = await storageRequests(client);
    const { metadata } = await client.open('bench/run');
    const startedAgain = performance.now();
    await client.publish('bench/run', [root.endsWith('/') ? root : `${root}/`], { fresh: true });
    const secondsThen = (performance.now() - startedAgain) / 1000;
    client.close();
    const { bytesRead = 0, objects = 1 } = metadata.provenance ?? {};
    const supervisor = Number(JSON.parse(readFileSync(join(state, 'lock'), 'utf8')).pid);
    return {
      seconds,
      secondsThen,
      again: openAgain(state, 'bench/run'),
      shape: metadata.variables.find(({ name }) => name === parameter)?.shape ?? [],
      kib: bytesRead / objects / 1024,
      requests: requests / objects,
      peakMib: processTree(supervisor).reduce((sum, pid) => sum + peakOf(pid), 0),
    };
  } finally {
    execFileSync(hyperslab, ['down', '--state', state], { stdio: 'ignore' });
    rmSync(state, { recursive: true, force: true });
  }
}

/** Requests to stores that brought bytes to the workers so far: they tell of them each second. */
async function storageRequests(client: Client): Promise<number> {
  await sleep(2_500);
  const { workers } = await client.cluster();
  return workers.reduce((sum, { report }) => sum + (report?.storageRequests ?? 0), 0);
}
