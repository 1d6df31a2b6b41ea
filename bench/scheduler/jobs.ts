import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@hyperslab/client';
import { type Job, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect as dial, openStream } from '@hyperslab/rpc';
import { Program } from '../scale/processes.ts';
import { writeSparseFile } from '../scale/sparse-file.ts';

const roundTrips = 100;
const manySubmits = 15;
/** A record takes 8 MiB, and a task of a mean four of them. */
const chunks = 1_000_000;

/** Jobs as clients see them, on a mesh with two workers of one thread: a small one, and one of very many chunks. */
export async function* measureJobs(port: number): AsyncGenerator<[string, string]> {
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-scheduler-'));
  const at = (offset: number) => `127.0.0.1:${port + offset}`;
  const env = {
    HYPERSLAB_STATE: state,
    HYPERSLAB_LOG_LEVEL: 'warn',
    HYPERSLAB_DATA_ROOTS: state,
    HYPERSLAB_CATALOG: at(0),
    HYPERSLAB_CATALOG_PORT: String(port),
    HYPERSLAB_SCHEDULER: at(1),
    HYPERSLAB_SCHEDULER_PORT: String(port + 1),
    HYPERSLAB_METADATA_BACKUP: at(2),
    HYPERSLAB_METADATA_BACKUP_PORT: String(port + 2),
    HYPERSLAB_WORKER_THREADS: '1',
  };
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
  const scheduler = services[2];
  try {
    const [backup, catalog] = services;
    for (const [offset, program] of [catalog, scheduler, backup, ...workers].entries())
      await program.ready(port + offset + 1000);
    await writeSparseFile(join(state, 'sparse.nc'), { time: chunks, y: 1024, x: 2048 });
    const client = await connect({ catalog: at(0), scheduler: at(1), workers: [at(3), at(4)] });
    await client.publish('bench/sparse', [join(state, 'sparse.nc')]);
    const link = dial(SchedulerServiceClient, at(1), { caller: 'bench' });

    const took: number[] = [];
    for (let n = 0; n < 2 * roundTrips; n++) {
      const startMs = performance.now();
      const { jobId } = await submit(link, `v[time=#0, y=#0:#2, x=#0:#2] * ${n + 2}`);
      for await (const _ of openStream(link, 'watchJob', { jobId }));
      took.push(performance.now() - startMs);
    }
    // The first half was for the compiler.
    const counted = took.slice(roundTrips);
    yield [
      `a job of one task, from the call to its end, ${roundTrips} times`,
      `median ${quantile(counted, 0.5).toFixed(1)} ms, fastest tenth within ${quantile(counted, 0.1).toFixed(1)} ms`,
    ];

    const submits: number[] = [];
    const cpuBefore = scheduler.cpuSeconds;
    let tasks = 0;
    for (let n = 0; n < manySubmits; n++) {
      const startMs = performance.now();
      const job = await submit(link, `mean(v * ${n + 2}, time)`);
      submits.push(performance.now() - startMs);
      tasks = job.tasks;
      await call(link, 'cancelJob', { jobId: job.jobId });
    }
    const cpuMs = ((scheduler.cpuSeconds - cpuBefore) * 1000) / manySubmits;
    yield [
      `a mean over ${chunks} chunks (${tasks} tasks), until it is accepted`,
      `median ${quantile(submits, 0.5).toFixed(0)} ms of ${manySubmits}, ${cpuMs.toFixed(0)} ms of the scheduler's processor time each, ` +
        `with the cancel that follows; the scheduler has ${(scheduler.rss / 2 ** 20).toFixed(0)} MiB`,
    ];
    link.close();
    client.close();
  } finally {
    for (const program of [...workers, ...services.reverse()]) await program.stop();
    await rm(state, { recursive: true, force: true });
  }
}

function submit(link: SchedulerServiceClient, text: string): Promise<Job> {
  const expression = { dataset: 'bench/sparse', form: { $case: 'text' as const, value: text } };
  return call(link, 'submitCompute', { requestId: randomUUID(), expression, persist: false });
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
}
