/**
 * Measures one scheduler with 1 to 1,000 simulated workers, and prints a table.
 *
 *     node bench/scale/run.ts [--sizes 1,10,100,1000] [--port 17401]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureScale, type Scale } from './measure.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1,10,100,1000' },
    port: { type: 'string', default: '17401' },
  },
});

const columns: [string, (scale: Scale) => string][] = [
  ['workers', ({ workers }) => String(workers)],
  ['all join, ms', ({ joinMs }) => joinMs.toFixed(0)],
  ['one joins, ms', ({ joinOneMs }) => joinOneMs.toFixed(1)],
  ['idle CPU', ({ idleCpuShare }) => `${(idleCpuShare * 100).toFixed(1)} %`],
  ['CPU a task, ms', ({ cpuMsPerTask }) => cpuMsPerTask.toFixed(2)],
  ['RSS, MiB', ({ rss }) => (rss / 2 ** 20).toFixed(0)],
  ['decision, median ms', ({ latencyMs }) => latencyMs.median.toFixed(1)],
  ['p99 ms', ({ latencyMs }) => latencyMs.p99.toFixed(1)],
  ['tasks/s', ({ tasksPerSecond }) => tasksPerSecond.toFixed(0)],
  ['tasks/s of CPU', ({ tasksPerCpuSecond }) => tasksPerCpuSecond.toFixed(0)],
  ['one drains, ms', ({ drainMs, drainedBlocks }) => `${drainMs.toFixed(0)} (${drainedBlocks} blocks)`],
  ['GetCluster, ms', ({ clusterMs }) => clusterMs.toFixed(1)],
  ['decide, ms', ({ decideMs }) => decideMs.toFixed(2)],
];

console.log(`${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the start`);
console.log(`| ${columns.map(([name]) => name).join(' | ')} |`);
console.log(`|${columns.map(() => '---:|').join('')}`);
for (const size of values.sizes.split(',').map(Number)) {
  const scale = await measureScale(size, Number(values.port));
  console.log(`| ${columns.map(([, show]) => show(scale)).join(' | ')} |`);
}
