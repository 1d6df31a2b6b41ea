import { type Config, readConfig } from '@hyperslab/config';
import { HyperslabError } from '@hyperslab/errors';
import { endpointsOf, type MeshChoice, offsetPorts } from './mesh-plan.ts';
import { assertPortsFree, findPortPair, httpPortDistance } from './ports.ts';
import { acquireStateLock } from './state-lock.ts';
import { Supervisor } from './supervisor.ts';

/** How long a service may take to end in good order. */
const stopPatienceMs = 15_000;
/** A worker that has not gone by itself this long after its drain time-out is ended. */
const killAfterMs = 5_000;

/** What `hyperslab up` was told. */
export interface MeshOptions {
  state: string;
  workers: number;
  /** Most workers, where their number follows the work; `workers` are the fewest then. */
  maxWorkers?: number;
  /** Data roots; empty for those of the environment, or the working directory. */
  roots: readonly string[];
  portOffset: number;
  workerMemory?: string;
  env?: NodeJS.ProcessEnv;
}

/** Who follows the mesh while it runs. */
export interface MeshListener {
  /** Everything is ready; `endpoints.json` is there. Awaited before `run` waits for the end. */
  ready(choice: MeshChoice): Promise<void>;
  /** Something a person should know: a service was started again. */
  say(text: string): void;
}

/**
 * Runs a mesh on this machine until `signal` says to stop it in order, or `kill` to end it at once. Throws
 * STATE_IN_USE when another runs on the same state, PORT_IN_USE when a port is taken, START_FAILED when a service does not start.
 */
export async function runMesh(
  options: MeshOptions,
  listener: MeshListener,
  signal: AbortSignal,
  kill: AbortSignal,
): Promise<void> {
  const config = meshConfig(options);
  const choice = await chooseMesh(config, options, signal);
  const lock = await acquireStateLock(choice.state, choice.roots);
  try {
    await assertPortsFree(choice.host, fixedPorts(choice));
    const say = (text: string) => listener.say(text);
    const leavePatienceMs = config.drainTimeout + killAfterMs;
    const supervisor = new Supervisor(choice, lock, leavePatienceMs, say);
    let stopScaling = async () => {};
    kill.addEventListener('abort', () => supervisor.kill(), { once: true });
    try {
      await supervisor.start(signal);
      if (options.maxWorkers !== undefined) {
        const { startLocalScaling } = await import('./local-scaling.ts');
        const bounds = { min: options.workers, max: options.maxWorkers };
        const scheduler = endpointsOf(choice).scheduler;
        stopScaling = startLocalScaling(config, scheduler, supervisor.workers, bounds, say);
      }
      await listener.ready(choice);
      await aborted(signal);
    } catch (error) {
      // Being told to stop while starting is no failure.
      if (!signal.aborted) throw error;
    } finally {
      await stopScaling();
      await supervisor.stop(stopPatienceMs);
    }
  } finally {
    await lock.release();
  }
}

function meshConfig({ env, state, roots, workerMemory }: MeshOptions): Config {
  return readConfig(env, { state, dataRoots: roots.length > 0 ? roots : undefined, workerMemory });
}

async function chooseMesh(config: Config, options: MeshOptions, signal: AbortSignal): Promise<MeshChoice> {
  const { firstWorker, ...ports } = offsetPorts(config, options.portOffset);
  const workers = [firstWorker];
  const taken = new Set(Object.values(ports).concat(firstWorker));
  while (workers.length < options.workers) {
    signal.throwIfAborted();
    const port = await findPortPair(config.bind, taken);
    taken.add(port).add(port + httpPortDistance);
    workers.push(port);
  }
  const largest = Math.max(...Object.values(ports), firstWorker) + httpPortDistance;
  if (largest > 65535) {
    throw new HyperslabError('INVALID_ARGUMENT', `port offset ${options.portOffset} leads past port 65535`);
  }
  return {
    state: config.state,
    host: config.bind,
    ports: { ...ports, workers },
    roots: config.dataRoots,
    workerMemory: options.workerMemory,
  };
}

function fixedPorts({ ports }: MeshChoice): number[] {
  const grpc = [ports.catalog, ports.scheduler, ports.metadataBackup, ports.workers[0]];
  return [...grpc, ...grpc.map((port) => port + httpPortDistance), ports.gateway, ports.dashboard];
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
