import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, connect } from '@hyperslab/client';
import { freePortOffset } from './free-ports.ts';
import { type CommandResult, type RunOptions, runHyperslab } from './run-command.ts';

/** How a mesh for tests is started. */
export interface MeshOptions {
  /** Data roots besides the state directory. */
  roots?: readonly string[];
  workers?: number;
  /** Lets the number of workers follow the work, up to this. */
  maxWorkers?: number;
  workerMemory?: string;
  /** Publish the sample, as `npm start` does. */
  sample?: boolean;
  env?: NodeJS.ProcessEnv;
}

/** A mesh of real processes with a state directory of its own. */
export interface Mesh {
  readonly state: string;
  /** Content of `endpoints.json`. */
  readonly endpoints: Record<string, string>;
  readonly portOffset: number;
  /** Runs the command against this mesh. */
  hyperslab(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** A session with this mesh; closed when it stops. */
  client(): Promise<Client>;
  /** Process of a service as `status` names it: "catalog", "worker-pool-1", … */
  pidOf(service: string): Promise<number>;
  /** Ends services by SIGKILL, all at once. */
  kill(...services: string[]): Promise<void>;
  /** Waits until every service is ready. */
  ready(): Promise<void>;
  /** Stops all services and leaves the state. */
  down(): Promise<void>;
  /** Starts it again on the same state and ports. */
  up(): Promise<void>;
  /** Stops it and removes its state. */
  stop(): Promise<void>;
}

interface ServiceStatus {
  name: string;
  pid: number | null;
  ready: boolean;
}

/** Starts a mesh with `hyperslab up --detach` and waits until it is ready. Throws with what the command said. */
export async function startMesh(options: MeshOptions = {}): Promise<Mesh> {
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-mesh-'));
  const portOffset = await freePortOffset();
  const clients: Client[] = [];
  let endpoints: Record<string, string> = {};

  const hyperslab = (args: readonly string[], run: RunOptions = {}) =>
    runHyperslab([...args, '--state', state], run);

  async function up(): Promise<void> {
    const flags = [
      '--detach',
      ...['--port-offset', String(portOffset)],
      ...['--workers', String(options.workers ?? 2)],
      ...(options.maxWorkers === undefined ? [] : ['--max-workers', String(options.maxWorkers)]),
      ...(options.sample ? [] : ['--no-sample']),
      ...(options.workerMemory === undefined ? [] : ['--worker-memory', options.workerMemory]),
      ...[state, ...(options.roots ?? [])].flatMap((root) => ['--root', root]),
    ];
    const { code, stderr } = await hyperslab(['up', ...flags], { env: options.env });
    if (code !== 0) throw new Error(`the mesh did not start: ${stderr}`);
    endpoints = JSON.parse(await readFile(join(state, 'endpoints.json'), 'utf8'));
  }

  async function services(): Promise<ServiceStatus[]> {
    const { json, stderr } = await hyperslab(['status', '--json']);
    if (json === undefined) throw new Error(`no status: ${stderr}`);
    return json.services;
  }

  async function pidOf(name: string): Promise<number> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const pid = (await services()).find((service) => service.name === name)?.pid;
      if (typeof pid === 'number') return pid;
      await delay(100);
    }
    throw new Error(`no process of ${name}`);
  }

  async function down(): Promise<void> {
    for (const client of clients.splice(0)) client.close();
    const { code, stderr } = await hyperslab(['down']);
    if (code !== 0) throw new Error(`the mesh did not stop: ${stderr}`);
  }

  try {
    await up();
  } catch (error) {
    await rm(state, { recursive: true, force: true });
    throw error;
  }
  return {
    state,
    portOffset,
    get endpoints() {
      return endpoints;
    },
    hyperslab,
    async client() {
      const client = await connect({ state });
      clients.push(client);
      return client;
    },
    pidOf,
    async kill(...names) {
      const pids = await Promise.all(names.map(pidOf));
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    },
    async ready() {
      for (let attempt = 0; attempt < 300; attempt++) {
        if ((await services()).every((service) => service.ready)) return;
        await delay(100);
      }
      throw new Error('the mesh did not become ready again');
    },
    down,
    up,
    async stop() {
      try {
        await down();
      } finally {
        await rm(state, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}
