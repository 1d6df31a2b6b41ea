import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@hyperslab/client';
import { repository } from '@hyperslab/testing';
import { freePortOffset } from './free-ports.ts';
import type { Cluster } from './start-cluster.ts';

/** A session with a mesh in a cluster, through `hyperslab port-forward`: it outlives pods, the leading scheduler's too. */
export interface ForwardedMesh {
  readonly client: Client;
  stop(): Promise<void>;
}

/** Runs `hyperslab port-forward` and connects. Ends with this process. */
export async function forwardMesh(cluster: Cluster, namespace: string): Promise<ForwardedMesh> {
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-forward-'));
  const offset = String(await freePortOffset());
  const command = join(repository, 'tools/cli/bin/hyperslab.mjs');
  const args = [
    'port-forward',
    '--state',
    state,
    '--namespace',
    namespace,
    '--port-offset',
    offset,
    '--json',
  ];
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, ...cluster.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => void child.kill();
  process.once('exit', end);
  const exited = once(child, 'exit');
  // The first line says that the ports are open.
  const opened = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)]);
  if (opened === undefined) throw new Error(`hyperslab port-forward ended with ${child.exitCode}`);
  const client = await connect({ state });
  return {
    client,
    async stop() {
      client.close();
      child.kill();
      await exited;
      process.off('exit', end);
      await rm(state, { recursive: true, force: true });
    },
  };
}
