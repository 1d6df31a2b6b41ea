import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Job, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect as dial, openStream } from '@hyperslab/rpc';
import { writeSparseFile } from '../scale/sparse-file.ts';
import { quantile } from './quantile.ts';
import { startSmallMesh } from './small-mesh.ts';

const roundTrips = 100;
/** Jobs before those that count: services run for months, and their code is compiled by then. */
const earlier = 600;
const manySubmits = 15;
/** A record takes 8 MiB, and a task of a mean four of them. */
const chunks = 1_000_000;

/** Jobs as clients see them, on a mesh with two workers of one thread: small ones, and one of very many chunks. */
export async function* measureJobs(port: number): AsyncGenerator<[string, string]> {
  const mesh = await startSmallMesh(port);
  const { scheduler } = mesh;
  try {
    await writeSparseFile(join(mesh.folder, 'sparse.nc'), { time: chunks, y: 1024, x: 2048 });
    const [client, other] = await Promise.all([mesh.session('one'), mesh.session('another')]);
    await client.publish('bench/sparse', [join(mesh.folder, 'sparse.nc')]);
    const link = dial(SchedulerServiceClient, mesh.addresses.scheduler, { caller: 'bench' });

    const mine = await client.open('bench/sparse');
    const theirs = await other.open('bench/sparse');
    yield [
      `a job of one task, from the call to its end, ${roundTrips} times after ${earlier}`,
      await timesOf(async (n) => {
        const { jobId } = await submit(link, `v[time=#0, y=#0:#2, x=#0:#2] * ${n + 2}`, mine.reference);
        for await (const _ of openStream(link, 'watchJob', { jobId }));
      }),
    ];

    const small = (n: number) => `v[time=#0, y=#0:#2, x=#0:#2] + ${n}`;
    yield [
      `a job of one task, from the call to its values in the client, ${roundTrips} times after ${earlier}`,
      await timesOf((n) => mine.expression(small(n)).compute()),
    ];
    yield [
      `the last ${roundTrips} of them asked for by another caller afterwards, to their values`,
      // A few hundred results are kept.
      await timesOf((n) => theirs.expression(small(earlier + (n % roundTrips))).compute()),
    ];

    const submits: number[] = [];
    const cpuBefore = scheduler.cpuSeconds;
    let tasks = 0;
    for (let n = 0; n < manySubmits; n++) {
      const startMs = performance.now();
      const job = await submit(link, `mean(v * ${n + 2}, time)`, mine.reference);
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

    const cancels: number[] = [];
    for (let n = 0; n < manySubmits; n++) {
      const { jobId } = await submit(link, `max(v * ${n + 2}, time)`, mine.reference);
      for await (const { tasksRunning } of openStream(link, 'watchJob', { jobId }))
        if (tasksRunning > 0) break;
      const startMs = performance.now();
      await call(link, 'cancelJob', { jobId });
      await mine.expression(small(-1 - n)).compute();
      cancels.push(performance.now() - startMs);
    }
    yield [
      'one as large that runs, from its cancel until a job of one task behind it has its values',
      `${timesIn(cancels)}, ${manySubmits} times`,
    ];
    link.close();
    client.close();
    other.close();
  } finally {
    await mesh.stop();
  }
}

/** How long something takes, told in words. */
async function timesOf(act: (n: number) => Promise<unknown>): Promise<string> {
  const took: number[] = [];
  for (let n = 0; n < earlier + roundTrips; n++) {
    const startMs = performance.now();
    await act(n);
    took.push(performance.now() - startMs);
  }
  return timesIn(took.slice(earlier));
}

function timesIn(took: readonly number[]): string {
  const [tenth, median, p95] = [0.1, 0.5, 0.95].map((part) => quantile(took, part).toFixed(1));
  return `median ${median} ms, fastest tenth within ${tenth} ms, 95 of 100 within ${p95} ms`;
}

function submit(link: SchedulerServiceClient, text: string, dataset: string): Promise<Job> {
  const expression = { dataset, form: { $case: 'text' as const, value: text } };
  return call(link, 'submitCompute', { requestId: randomUUID(), expression, persist: false });
}
