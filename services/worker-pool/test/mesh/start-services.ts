import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeServicePort, repository } from '@hyperslab/testing';

type Name = 'catalog' | 'scheduler' | 'metadata-backup' | 'worker-1' | 'worker-2';

/** Real processes of the services that a computation needs, and addresses to call them at. */
export interface Services {
  addresses: Record<Name, string>;
  kill(name: Name): Promise<void>;
  stop(name: Name): Promise<number | null>;
  start(name: Name): Promise<void>;
  stopAll(): Promise<void>;
  /** What the processes have logged. */
  log(): string;
}

/**
 * Starts services with their state in a folder, all of them unless it is said which; waits until each is ready.
 */
export async function startServices(
  state: string,
  roots: readonly string[],
  env: NodeJS.ProcessEnv = {},
  first?: readonly Name[],
): Promise<Services> {
  const names: Name[] = ['metadata-backup', 'catalog', 'scheduler', 'worker-1', 'worker-2'];
  const ports = new Map<Name, number>();
  for (const name of names) ports.set(name, await freeServicePort());
  const address = (name: Name) => `127.0.0.1:${ports.get(name)}`;
  const running = new Map<Name, ChildProcess>();
  let log = '';

  const services: Services = {
    addresses: Object.fromEntries(names.map((name) => [name, address(name)])) as Record<Name, string>,
    log: () => log,
    async start(name) {
      const service = name.startsWith('worker') ? 'worker-pool' : name;
      const port = String(ports.get(name));
      const child = spawn(process.execPath, [join(repository, 'services', service, 'src/main.ts')], {
        env: {
          ...process.env,
          HYPERSLAB_STATE: state,
          HYPERSLAB_CATALOG: address('catalog'),
          HYPERSLAB_SCHEDULER: address('scheduler'),
          HYPERSLAB_METADATA_BACKUP: address('metadata-backup'),
          HYPERSLAB_CATALOG_PORT: port,
          HYPERSLAB_SCHEDULER_PORT: port,
          HYPERSLAB_METADATA_BACKUP_PORT: port,
          HYPERSLAB_WORKER_PORT: port,
          HYPERSLAB_WORKER_THREADS: '1',
          HYPERSLAB_DATA_ROOTS: [state, ...roots].join(','),
          HYPERSLAB_PARENT_PID: String(process.pid),
          ...env,
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr?.on('data', (data) => {
        log += `${name} ${data}`;
      });
      running.set(name, child);
      await ready(Number(port) + 1000, child, () => log);
    },
    async kill(name) {
      const child = running.get(name);
      child?.kill('SIGKILL');
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    async stop(name) {
      const child = running.get(name);
      child?.kill('SIGTERM');
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child?.exitCode ?? null;
    },
    async stopAll() {
      await Promise.all([...running.keys()].map((name) => services.kill(name)));
    },
  };
  try {
    await Promise.all((first ?? names).map((name) => services.start(name)));
  } catch (error) {
    await services.stopAll();
    throw error;
  }
  return services;
}

async function ready(httpPort: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`a service ended:\n${log()}`);
    const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`a service is not ready:\n${log()}`);
}
