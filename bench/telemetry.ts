/**
 * What telemetry costs a mesh: the same computation in turns on two meshes without and on one that sends traces of everything
 * and metrics to a real collector. How the two differ is what chance does. By hand: `node bench/telemetry.ts`; three minutes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Dataset } from '@hyperslab/client';
import { startOtlpReceiver } from '@hyperslab/testing';
import { processTree } from './process-tree.ts';

const hyperslab = join(import.meta.dirname, '../tools/cli/bin/hyperslab.mjs');
const rounds = 12;
const jobsInRound = 3;
/** Spans wait so long for their batch; what sending them takes belongs to the round that made them. */
const batchDelayMs = 1_000;
const settleMs = 1_500;

interface MeasuredMesh {
  run: Dataset;
  /** Processor time of all its processes so far, seconds. */
  cpuSeconds(): number;
  jobSeconds: number[];
  /** Processor time of each round. */
  roundSeconds: number[];
  stop(): void;
}

async function startMesh(folder: string, name: string, portOffset: number, env: NodeJS.ProcessEnv) {
  const state = join(folder, name);
  const off = { HYPERSLAB_WORKER_CACHE_BYTES: '0', HYPERSLAB_KEPT_RESULT_BYTES: '0' };
  const settings = { ...off, HYPERSLAB_WORKER_THREADS: '1', ...env };
  const command = (...args: string[]) =>
    execFileSync(process.execPath, [hyperslab, ...args, '--state', state], {
      env: { ...process.env, ...settings },
      stdio: 'ignore',
    });
  const ports = ['--port-offset', String(portOffset)];
  command('up', '--root', folder, '--no-sample', '--workers', '1', ...ports, '--detach');
  const client = await connect({ state });
  await client.publish('bench/run', [join(folder, 'sample/*.nc')]);
  const supervisor = Number(JSON.parse(readFileSync(join(state, 'lock'), 'utf8')).pid);
  const mesh: MeasuredMesh = {
    run: await client.open('bench/run'),
    cpuSeconds: () => processTree(supervisor).reduce((sum, pid) => sum + cpuOf(pid), 0),
    jobSeconds: [],
    roundSeconds: [],
    stop() {
      client.close();
      command('down');
    },
  };
  return mesh;
}

/** Of user and system together (proc(5), fields 14 and 15), in the kernel's ticks of 10 ms. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measureRound({ run, cpuSeconds, jobSeconds, roundSeconds }: MeasuredMesh): Promise<void> {
  const before = cpuSeconds();
  for (let job = 0; job < jobsInRound; job++) {
    const started = performance.now();
    await run.cube('t').mean('time').compute();
    jobSeconds.push((performance.now() - started) / 1000);
  }
  await sleep(settleMs);
  roundSeconds.push(cpuSeconds() - before);
}

/** The middle of the rounds' ratios: what slows the machine for a while slows both of a round. */
function compared(what: string, without: number[], withIt: number[]): string {
  const ratios = withIt.map((value, round) => value / without[round]).toSorted((a, b) => a - b);
  const quarter = Math.floor(ratios.length / 4);
  const [low, middle, high] = [ratios[quarter], median(ratios), ratios[ratios.length - 1 - quarter]];
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  return `${what}  ${percent(middle)} more (half of the rounds: ${percent(low)} to ${percent(high)})`;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const folder = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
const receiver = await startOtlpReceiver(folder);
if (receiver === undefined) throw new Error('no collector; run `node tools/setup.mjs --tests`');
const { OTEL_EXPORTER_OTLP_ENDPOINT } = receiver.env;
const on = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_BSP_SCHEDULE_DELAY: String(batchDelayMs) };
const meshes: MeasuredMesh[] = [];
try {
  execFileSync(process.execPath, [hyperslab, 'sample', join(folder, 'sample'), '--size', '256MiB']);
  meshes.push(await startMesh(folder, 'off', 21_000, {}));
  meshes.push(await startMesh(folder, 'off-too', 21_100, {}));
  meshes.push(await startMesh(folder, 'on', 21_200, on));
  for (let round = 0; round <= rounds; round++)
    for (let turn = 0; turn < meshes.length; turn++)
      await measureRound(meshes[(round + turn) % meshes.length]);
  // The first round warms up.
  const [off, offToo, sending] = meshes.map(({ roundSeconds }) => roundSeconds.slice(1));
  const times = meshes.map(({ jobSeconds }) => jobSeconds.slice(jobsInRound));
  const { spans } = await receiver.received();
  console.log(`spans a job               ${Math.round(spans.length / (rounds + 1) / jobsInRound)}`);
  console.log(`processor time of a job   ${((median(off) / jobsInRound) * 1000).toFixed(0)} ms off`);
  console.log(compared('  on against off       ', off, sending));
  console.log(compared('  off against off      ', off, offToo));
  console.log(`time of a job             ${(median(times[0]) * 1000).toFixed(0)} ms off`);
  console.log(compared('  on against off       ', times[0], times[2]));
  console.log(compared('  off against off      ', times[0], times[1]));
} finally {
  for (const mesh of meshes) mesh.stop();
  await receiver.stop();
  rmSync(folder, { recursive: true, force: true });
}
