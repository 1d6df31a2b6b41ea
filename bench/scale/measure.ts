import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decide, emptyMemory, figuresOf, scalingSettings } from '@hyperslab/autoscaler';
import { connect, type PersistedArray } from '@hyperslab/client';
import { readConfig } from '@hyperslab/config';
import { JobState, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect as dial } from '@hyperslab/rpc';
import { Program } from './processes.ts';
import { writeSparseFile } from './sparse-file.ts';

/** Tasks a second that the workers of the paced run do together, however many they are. */
const pacePerSecond = 200;
const slots = 4;
const settleMs = 3_000;
const measureMs = 8_000;
/** Tasks of a job: each reads one block of 8 MiB, had the file any. */
const tasks = 8_000;

/** What was measured with so many workers. */
export interface Scale {
  workers: number;
  joinMs: number;
  joinOneMs: number;
  rss: number;
  /** At a steady pace. */
  cpuMsPerTask: number;
  idleCpuShare: number;
  latencyMs: { median: number; p99: number };
  /** When tasks take no time at all. */
  tasksPerSecond: number;
  tasksPerCpuSecond: number;
  drainMs: number;
  drainedBlocks: number;
  clusterMs: number;
  decideMs: number;
}

/** Starts a scheduler with what it needs, joins simulated workers and lets them work. */
export async function measureScale(workers: number, firstPort: number): Promise<Scale> {
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-scale-'));
  const at = (offset: number) => `127.0.0.1:${firstPort + offset}`;
  const env = {
    HYPERSLAB_STATE: state,
    HYPERSLAB_LOG_LEVEL: 'warn',
    HYPERSLAB_DATA_ROOTS: state,
    HYPERSLAB_CATALOG: at(0),
    HYPERSLAB_CATALOG_PORT: String(firstPort),
    HYPERSLAB_SCHEDULER: at(1),
    HYPERSLAB_SCHEDULER_PORT: String(firstPort + 1),
    HYPERSLAB_METADATA_BACKUP: at(2),
    HYPERSLAB_METADATA_BACKUP_PORT: String(firstPort + 2),
    HYPERSLAB_WORKER_PORT: String(firstPort + 3),
    HYPERSLAB_WORKER_THREADS: '1',
  };
  const started: Program[] = [];
  const start = (path: string) => {
    const program = new Program(path, env);
    started.push(program);
    return program;
  };
  try {
    const backup = start('services/metadata-backup/src/main.ts');
    const catalog = start('services/catalog/src/main.ts');
    const scheduler = start('services/scheduler/src/main.ts');
    const publisher = start('services/worker-pool/src/main.ts');
    const services = [catalog, scheduler, backup, publisher];
    for (const [offset, program] of services.entries()) await program.ready(firstPort + offset + 1000);
    await writeSparseFile(join(state, 'sparse.nc'), { time: tasks, y: 1024, x: 2048 });
    const client = await connect({ catalog: at(0), scheduler: at(1), workers: [at(3)] });
    await client.publish('scale/sparse', [join(state, 'sparse.nc')]);
    await publisher.stop();
    const dataset = await client.open('scale/sparse');
    const halves = [start('bench/scale/workers.ts'), start('bench/scale/workers.ts')];
    const measured = await measure(workers, at(1), scheduler, halves, async (factor) => {
      return dataset.expression(`v * ${factor}`).persist();
    });
    client.close();
    return measured;
  } finally {
    for (const program of started.reverse()) await program.stop();
    await rm(state, { recursive: true, force: true });
  }
}

async function measure(
  workers: number,
  address: string,
  scheduler: Program,
  halves: Program[],
  submit: (factor: number) => Promise<PersistedArray>,
): Promise<Scale> {
  const counts = [Math.ceil(workers / 2), Math.floor(workers / 2)];
  const joined = performance.now();
  await Promise.all(
    halves.map((half, at) =>
      half.ask({ do: 'join', scheduler: address, prefix: `w${at}`, count: counts[at] }),
    ),
  );
  const joinMs = performance.now() - joined;
  const one = await halves[1].ask({ do: 'join', scheduler: address, prefix: 'late', count: 1 });
  await halves[1].ask({ do: 'drain', worker: 'late-0' });
  const idle = await share(scheduler, 3_000);

  // A pace that all sizes keep, so that what a task costs is seen against the number of workers.
  const taskMs = (workers * slots * 1000) / pacePerSecond;
  const all = (command: Parameters<Program['ask']>[0]) =>
    Promise.all(halves.map((half) => half.ask(command)));
  await all({ do: 'pace', taskMs });
  const paced = await submit(1);
  await sleep(settleMs + Math.min(taskMs, 4_000));
  await all({ do: 'measure' });
  const before = scheduler.cpuSeconds;
  await sleep(measureMs);
  const cpuSeconds = scheduler.cpuSeconds - before;
  const answers = await all({ do: 'measure' });
  const done = answers.reduce((sum, { seen }) => sum + seen.tasks, 0);
  const latencies = answers.flatMap(({ seen }) => seen.latenciesMs).sort((a, b) => a - b);
  const rss = scheduler.rss;
  await paced.release();

  await all({ do: 'pace', taskMs: 0 });
  const flood = await submit(2);
  const [flooded, cpuBefore] = [performance.now(), scheduler.cpuSeconds];
  await succeeded(address, flood.jobId);
  const floodSeconds = (performance.now() - flooded) / 1000;
  const floodCpuSeconds = scheduler.cpuSeconds - cpuBefore;

  const policy = await measurePolicy(address);
  const drained = workers > 1 ? await halves[0].ask({ do: 'drain', worker: 'w0-0' }) : undefined;
  return {
    workers,
    joinMs,
    joinOneMs: one.ms,
    rss,
    cpuMsPerTask: ((cpuSeconds - (idle * measureMs) / 1000) * 1000) / Math.max(1, done),
    idleCpuShare: idle,
    latencyMs: { median: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
    tasksPerSecond: tasks / floodSeconds,
    tasksPerCpuSecond: tasks / floodCpuSeconds,
    drainMs: drained?.ms ?? Number.NaN,
    drainedBlocks: drained?.blocks ?? 0,
    ...policy,
  };
}

/** Asks now and then: a stream would be cut off by a machine that is so busy that nobody answers its pings. */
async function succeeded(address: string, jobId: string): Promise<void> {
  const client = dial(SchedulerServiceClient, address, { caller: 'bench' });
  while ((await call(client, 'getJob', { jobId }, { retry: true })).state !== JobState.JOB_STATE_SUCCEEDED)
    await sleep(100);
  client.close();
}

/** Part of a processor that an idle scheduler takes. */
async function share(scheduler: Program, ms: number): Promise<number> {
  const before = scheduler.cpuSeconds;
  await sleep(ms);
  return (scheduler.cpuSeconds - before) / (ms / 1000);
}

/** What the autoscaler takes for one decision: asking the scheduler, and deciding. */
async function measurePolicy(address: string): Promise<{ clusterMs: number; decideMs: number }> {
  const client = dial(SchedulerServiceClient, address, { caller: 'bench' });
  const settings = scalingSettings(readConfig({}), { min: 0, max: 2_000 });
  const rounds = 20;
  const asked: number[] = [];
  const decided: number[] = [];
  let memory = emptyMemory(0);
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    const cluster = await call(client, 'getCluster', {});
    const answeredMs = performance.now();
    const figures = figuresOf(cluster);
    const input = { figures, wanted: cluster.workers.length, settings, memory, nowMs: round * 1_000 };
    memory = decide(input).memory;
    asked.push(answeredMs - startMs);
    decided.push(performance.now() - answeredMs);
  }
  client.close();
  const median = (values: number[]) =>
    quantile(
      values.sort((a, b) => a - b),
      0.5,
    );
  return { clusterMs: median(asked), decideMs: median(decided) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
