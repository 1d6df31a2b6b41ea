import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../scale/processes.ts';
import type { HostAnswer, HostCommand } from './host.ts';

/** Tasks that are run before any is counted: the code is compiled by then. */
const warmUp = 50_000;
const rounds = 3;

/** Trivial tasks on two workers of one thread each, over gRPC. */
export async function* measureTrivial(
  port: number,
  sizes: readonly number[],
): AsyncGenerator<[string, string]> {
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-scheduler-'));
  const host = new Program<HostCommand, HostAnswer>('bench/scheduler/host.ts', {}, [String(port)]);
  const workers = [1, 2].map(
    (n) =>
      new Program('services/worker-pool/src/main.ts', {
        HYPERSLAB_STATE: join(state, String(n)),
        HYPERSLAB_LOG_LEVEL: 'warn',
        HYPERSLAB_SCHEDULER: `127.0.0.1:${port}`,
        HYPERSLAB_WORKER_PORT: String(port + 2 * n),
        HYPERSLAB_WORKER_THREADS: '1',
      }),
  );
  try {
    await host.ask({ workers: 2, tasks: warmUp });
    for (const tasks of sizes) {
      const seen = [];
      for (let round = 0; round < rounds; round++) {
        const before = workers.map(({ cpuSeconds }) => cpuSeconds);
        const answer = await host.ask({ workers: 2, tasks });
        const workerSeconds = workers.reduce((sum, worker, at) => sum + worker.cpuSeconds - before[at], 0);
        seen.push({ ...answer, workerSeconds });
      }
      const { seconds, cpuSeconds, workerSeconds, wireBytes } = seen.sort((a, b) => a.seconds - b.seconds)[1];
      const perCore = tasks / (cpuSeconds + workerSeconds);
      const us = (total: number) => ((total / tasks) * 1e6).toFixed(1);
      yield [
        `${tasks} trivial tasks, two workers of one thread, median of three`,
        `${Math.round(tasks / seconds)} a second, ${Math.round(perCore)} a second of processor time; processor time a task: scheduler ${us(cpuSeconds)} µs, ` +
          `workers ${us(workerSeconds)} µs; ${(wireBytes / tasks).toFixed(2)} bytes of messages a task`,
      ];
    }
  } finally {
    for (const program of [...workers, host]) await program.stop();
    await rm(state, { recursive: true, force: true });
  }
}

/** Very many tasks on simulated workers, which hold no blocks. */
export async function* measureSimulated(port: number, tasks: number): AsyncGenerator<[string, string]> {
  const host = new Program<HostCommand, HostAnswer>('bench/scheduler/host.ts', {}, [String(port)]);
  const workers = new Program('bench/scale/workers.ts');
  try {
    const { peakRss: idle } = await host.ask({ workers: 0, tasks: 0 });
    await workers.ask({ do: 'join', scheduler: `127.0.0.1:${port}`, prefix: 'w', count: 2 });
    const { seconds, cpuSeconds, peakRss, wireBytes } = await host.ask({ workers: 2, tasks });
    const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
    yield [
      `${tasks} tasks, two simulated workers`,
      `${seconds.toFixed(1)} s; ${((cpuSeconds / tasks) * 1e6).toFixed(2)} µs of the scheduler's processor time and ` +
        `${((peakRss - idle) / tasks).toFixed(1)} bytes of its memory a task; at most ${mebibytes(peakRss)} MiB ` +
        `(${mebibytes(idle)} before); ${(wireBytes / tasks).toFixed(3)} bytes of messages a task`,
    ];
  } finally {
    await workers.stop();
    await host.stop();
  }
}
