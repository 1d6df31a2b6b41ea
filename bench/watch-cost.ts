/**
 * What it costs the scheduler to be watched: its processor time with 0, 1 and 10 watchers, while small tasks flow at a
 * steady pace, and with 1,000 workers that only report. Takes a minute.
 *
 *     node bench/watch-cost.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, connect } from '@hyperslab/client';
import { joinSimulatedWorkers } from './simulated-workers.ts';

const hyperslab = join(import.meta.dirname, '../node_modules/.bin/hyperslab');
const portOffset = '20100';
const watcherCounts = [0, 1, 10];
const measureMs = 4_000;
/** In turns, so that whatever else the machine does falls on all alike. */
const rounds = 2;
/** Computations a second; each has a few tasks. */
const pace = 10;
const simulated = 1_000;
/** Clock ticks a second, proc(5). */
const ticksPerSecond = 100;

/** Processor time of a process so far, seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Processor time of the scheduler with so many watchers, as a share of one core. */
async function share(client: Client, pid: number, watchers: number): Promise<number> {
  const stop = new AbortController();
  const watching = Array.from({ length: watchers }, async () => {
    const wishes = { historySeconds: 600, taskRecords: 200, workerHistory: true, signal: stop.signal };
    for await (const _ of client.watchCluster(wishes));
  });
  const ended = Promise.allSettled(watching);
  // Opening is part of the cost, the first moments of the process are not.
  const [before, began] = [cpuSeconds(pid), performance.now()];
  await sleep(measureMs);
  const used = cpuSeconds(pid) - before;
  const elapsed = (performance.now() - began) / 1000;
  stop.abort();
  await ended;
  return used / elapsed;
}

async function row(name: string, client: Client, pid: number): Promise<void> {
  const shares = watcherCounts.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [at, watchers] of watcherCounts.entries())
      shares[at] += (await share(client, pid, watchers)) / rounds;
  }
  // One alone is lost in what else goes on.
  const oneOfTen = (shares[2] - shares[0]) / watcherCounts[2];
  const percent = [...shares, oneOfTen].map((value) => `${(100 * value).toFixed(1)} %`);
  console.log(`| ${name} | ${percent.join(' | ')} |`);
}

/** Computes at a steady pace until it is told to stop. */
async function flow(client: Client, signal: AbortSignal): Promise<void> {
  const run = await client.open('sample/run');
  const array = run.expression('mean(t, time)');
  const running = new Set<Promise<unknown>>();
  while (!signal.aborted) {
    // A machine that can't keep pace gets no more than it can do.
    if (running.size < pace) {
      const computing = array.compute().catch(() => undefined);
      running.add(computing);
      computing.finally(() => running.delete(computing));
    }
    await sleep(1000 / pace);
  }
  await Promise.all(running);
}

const state = mkdtempSync(join(tmpdir(), 'hyperslab-watch-cost-'));
const up = ['up', '--state', state, '--detach', '--workers', '1', '--port-offset', portOffset];
// The same is computed again and again: it is to be work.
const env = { ...process.env, HYPERSLAB_KEPT_RESULT_BYTES: '0' };
execFileSync(hyperslab, up, { stdio: ['ignore', 'ignore', 'inherit'], env });
const client = await connect({ state });
try {
  const status = JSON.parse(
    execFileSync(hyperslab, ['status', '--json', '--state', state], { encoding: 'utf8' }),
  );
  const pid = status.services.find(({ name }: { name: string }) => name === 'scheduler').pid;
  console.log('| | 0 watchers | 1 | 10 | each of the ten |\n|---|---|---|---|---|');
  const stop = new AbortController();
  const flowing = flow(client, stop.signal);
  await sleep(2_000);
  await row(`${pace} computations a second`, client, pid);
  stop.abort();
  await flowing;
  const leave = await joinSimulatedWorkers(client, simulated);
  await row(`${simulated} workers that report each second`, client, pid);
  leave();
} finally {
  client.close();
  execFileSync(hyperslab, ['down', '--state', state], { stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(state, { recursive: true, force: true });
}
