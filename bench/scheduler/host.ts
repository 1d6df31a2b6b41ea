/** A scheduler by itself, for plans that nobody could submit: runs jobs as its parent says, and tells what they took. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerLinkServiceService } from '@hyperslab/proto/scheduler';
import { serve } from '@hyperslab/rpc';
import { Journal } from '@hyperslab/scheduler/journal';
import { Scheduler } from '@hyperslab/scheduler/scheduler';
import { workerLinkService } from '@hyperslab/scheduler/worker-link-service';
import { createLogger } from '@hyperslab/telemetry';
import { trivialPlan } from './trivial-plan.ts';

/** What a host is asked: to run a job of so many trivial tasks when there are so many workers. */
export interface HostCommand {
  workers: number;
  tasks: number;
}

/** What it answers, of one job. */
export interface HostAnswer {
  seconds: number;
  cpuSeconds: number;
  /** Largest resident memory so far, bytes. */
  peakRss: number;
  /** Bytes of messages to and from workers. */
  wireBytes: number;
}

const [port] = process.argv.slice(2).map(Number);
const log = createLogger('scheduler', { level: 'silent' });
const backup = { position: async () => 0, append: async () => undefined, async *replay() {} };
const limits = {
  resultTtlMs: 600_000,
  silenceMs: 15_000,
  rememberedJobs: 100,
  keptResultBytes: 0,
  keptResultMs: 0,
};

const folder = await mkdtemp(join(tmpdir(), 'hyperslab-host-'));
const never = new AbortController().signal;
const compactAfter = { events: 1_000, bytes: 2 ** 30 };
const journal = await Journal.open(join(folder, 'journal'), backup, log, never, {
  rememberedJobs: 100,
  compactAfter,
});
const scheduler = new Scheduler(limits, journal, log);

let wireBytes = 0;
const link = WorkerLinkServiceService.connect as {
  requestDeserialize: (bytes: Buffer) => unknown;
  responseSerialize: (message: never) => Buffer;
};
const { requestDeserialize, responseSerialize } = link;
link.requestDeserialize = (bytes) => {
  wireBytes += bytes.length;
  return requestDeserialize(bytes);
};
link.responseSerialize = (message) => {
  const bytes = responseSerialize(message);
  wireBytes += bytes.length;
  return bytes;
};
await serve({ service: 'scheduler', bind: '127.0.0.1', port, services: [workerLinkService(scheduler)], log });

let jobs = 0;

async function run({ workers, tasks }: HostCommand): Promise<HostAnswer> {
  while (scheduler.state.workers.size < workers) await sleep(20);
  const id = `trivial-${jobs++}`;
  const now = Date.now();
  const times = { submittedMs: now, startAfterMs: now, resumed: false };
  const plan = trivialPlan(tasks);
  const before = { cpu: process.cpuUsage(), wireBytes, ms: performance.now() };
  const described = {
    id,
    kind: 'persist' as const,
    caller: 'bench',
    priority: 'normal' as const,
    description: id,
    resolvedDatasets: {},
    fingerprint: id,
    planBytes: 0,
    traceparent: '',
  };
  scheduler.dispatch({ type: 'JobAccepted', job: { ...described, ...times, plan } });
  while (scheduler.state.jobs.get(id)?.phase === 'running') await scheduler.changes.next(id, never);
  const seconds = (performance.now() - before.ms) / 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  const phase = scheduler.state.jobs.get(id)?.phase;
  if (phase !== 'succeeded') throw new Error(`${id} is ${phase}`);
  scheduler.dispatch({ type: 'ReleaseRequested', jobId: id });
  const peakRss = process.resourceUsage().maxRSS * 1024;
  return { seconds, cpuSeconds: (user + system) / 1e6, peakRss, wireBytes: wireBytes - before.wireBytes };
}

process.on('message', async (command: HostCommand) => process.send?.(await run(command)));
process.on('SIGTERM', async () => {
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});
process.on('disconnect', () => process.exit(0));
