/**
 * How long a small job takes alone, and beside two other callers whose jobs are large and middling, on a mesh with two workers of one
 * thread:
 *
 *     node bench/scheduler/fairness.ts [--port 17701] [--rounds 3] [--jobs 60] [--run FOLDER]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { filesOf, prepareCollection } from '../open/collections.ts';
import { Program } from '../scale/processes.ts';
import { quantile } from './quantile.ts';
import { startSmallMesh } from './small-mesh.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '17701' },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '60' },
    run: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const jobs = Number(values.jobs);
const dataset = 'bench/run';
const others = { large: 'mean(sqrt(u^2 + v^2), time)', middle: 'mean(t[pressure=#0], time)' };
/** Two sizes of small: a value of one chunk, and a series of one chunk of each file. */
const small = {
  'a value': (n: number) => `t[time=#0, pressure=#0, latitude=#216, longitude=#496] + ${n}`,
  'a series at a point': (n: number) => `t[pressure=#0, latitude=#216, longitude=#496] + ${n}`,
};
/** What a caller computes first is for the compiler. */
const warmUp = 40;

const collection = values.run === undefined ? prepareCollection('large') : filesOf(values.run);
const load = () => loadavg()[0].toFixed(1);
console.log(`${cpus().length} cores, load ${load()} at the start; ${collection.title}\n`);
// What was computed before is computed again.
const settings = { HYPERSLAB_WORKER_CACHE_BYTES: '0', HYPERSLAB_KEPT_RESULT_BYTES: '0' };
const mesh = await startSmallMesh(Number(values.port), { root: collection.folder, settings });
const { catalog, scheduler, workers } = mesh.addresses;

/** Starts the two other callers, and waits until each has its first result. */
async function startOthers(): Promise<{ times: Record<string, number[]>; stop: () => Promise<void> }> {
  const times: Record<string, number[]> = { large: [], middle: [] };
  const callers = Object.entries(others).map(([name, expression]) => {
    const args = [name, dataset, expression, catalog, scheduler, ...workers];
    const program = new Program('bench/scheduler/caller.ts', {}, args);
    return { name, program };
  });
  const firsts = callers.map(async ({ name, program }) => {
    const first = new Promise<void>((resolve) => {
      program.onMessage((ms) => {
        times[name].push(ms as number);
        resolve();
      });
    });
    const ended = program.ended.then(() => {
      throw new Error(`the caller of ${others[name as keyof typeof others]} ended`);
    });
    // That they are ended later is no failure.
    ended.catch(() => undefined);
    await Promise.race([first, ended]);
  });
  await Promise.all(firsts);
  return {
    times,
    stop: async () => {
      for (const { program } of callers) await program.stop();
    },
  };
}

try {
  const client = await mesh.session('small');
  await client.publish(dataset, [`${collection.folder}/`]);
  const run = await client.open(dataset);
  let n = 0;
  const took = async (expression: (n: number) => string, count: number) => {
    const all: number[] = [];
    for (let at = 0; at < count; at++) {
      const startMs = performance.now();
      await run.expression(expression(n++)).compute();
      all.push(performance.now() - startMs);
    }
    return all;
  };
  for (const expression of Object.values(small)) await took(expression, warmUp);

  const names = Object.keys(small) as (keyof typeof small)[];
  const measured = new Map(names.map((name) => [name, { alone: [] as number[], beside: [] as number[] }]));
  const otherTimes: Record<string, number[]> = { large: [], middle: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) measured.get(name)!.alone.push(...(await took(small[name], jobs)));
    const { times, stop } = await startOthers();
    for (const name of names) measured.get(name)!.beside.push(...(await took(small[name], jobs)));
    await stop();
    for (const [name, all] of Object.entries(times)) otherTimes[name].push(...all);
  }
  console.log(
    '| small job | alone: median, p95, ms | beside the others: median, p95, ms | ratio of medians, of p95 |',
  );
  console.log('|---|---:|---:|---:|');
  for (const [name, { alone, beside }] of measured) {
    const [a, b] = [alone, beside].map((all) => [quantile(all, 0.5), quantile(all, 0.95)]);
    const [shownA, shownB] = [a, b].map((both) => both.map((ms) => ms.toFixed(1)).join(', '));
    const ratios = b.map((ms, at) => `${(ms / a[at]).toFixed(1)}×`).join(', ');
    console.log(`| ${name} | ${shownA} | ${shownB} | ${ratios} |`);
  }
  for (const [name, all] of Object.entries(otherTimes)) {
    const expression = others[name as keyof typeof others];
    console.log(
      `\n${name}: \`${expression}\`, ${all.length} times, median ${quantile(all, 0.5).toFixed(0)} ms`,
    );
  }
  client.close();
} finally {
  await mesh.stop();
}
console.log(`\nload ${load()} at the end`);
