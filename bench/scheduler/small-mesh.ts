import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@hyperslab/client';
import { Program } from '../scale/processes.ts';

/** A mesh of all services with two workers of one thread, none of which computes anything yet. */
export interface SmallMesh {
  /** Its state; files may be read there. */
  folder: string;
  scheduler: Program;
  workers: readonly Program[];
  /** host:port of each service that callers call. */
  addresses: { catalog: string; scheduler: string; workers: string[] };
  /** A session of its own for a caller. */
  session(caller: string): Promise<Client>;
  stop(): Promise<void>;
}

/** Starts one on ports from `port` on. `settings` has what differs from the usual settings; files may be read in its folder and below `root`. */
export async function startSmallMesh(
  port: number,
  { root, settings = {} }: { root?: string; settings?: Record<string, string> } = {},
): Promise<SmallMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-scheduler-'));
  const at = (offset: number) => `127.0.0.1:${port + offset}`;
  const env = {
    HYPERSLAB_STATE: folder,
    HYPERSLAB_LOG_LEVEL: 'warn',
    HYPERSLAB_DATA_ROOTS: root === undefined ? folder : `${folder},${root}`,
    HYPERSLAB_CATALOG: at(0),
    HYPERSLAB_CATALOG_PORT: String(port),
    HYPERSLAB_SCHEDULER: at(1),
    HYPERSLAB_SCHEDULER_PORT: String(port + 1),
    HYPERSLAB_METADATA_BACKUP: at(2),
    HYPERSLAB_METADATA_BACKUP_PORT: String(port + 2),
    HYPERSLAB_WORKER_THREADS: '1',
    ...settings,
  };
  const addresses = { catalog: at(0), scheduler: at(1), workers: [at(3), at(4)] };
  const services = ['metadata-backup', 'catalog', 'scheduler'].map(
    (name) => new Program(`services/${name}/src/main.ts`, env),
  );
  const workers = [3, 4].map(
    (offset) =>
      new Program('services/worker-pool/src/main.ts', {
        ...env,
        HYPERSLAB_WORKER_PORT: String(port + offset),
      }),
  );
  const [backup, catalog, scheduler] = services;
  const stop = async () => {
    for (const program of [...workers, ...services.toReversed()]) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [offset, program] of [catalog, scheduler, backup, ...workers].entries())
      await program.ready(port + offset + 1000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    scheduler,
    workers,
    addresses,
    session: (caller) => connect({ ...addresses, caller }),
    stop,
  };
}
