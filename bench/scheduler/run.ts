/**
 * Measures what a task costs the scheduler and its workers, and prints a table.
 *
 *     node bench/scheduler/run.ts [--port 17601] [--many 10000000] [--python PATH] [--peer-tasks 50000]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDistributed } from './distributed.ts';
import { measureJobs } from './jobs.ts';
import { measureSimulated, measureTrivial } from './trivial.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '17601' },
    many: { type: 'string', default: '10000000' },
    /** With dask's distributed. */
    python: { type: 'string', default: '.tools/peers/bin/python' },
    'peer-tasks': { type: 'string', default: '50000' },
  },
});
const port = Number(values.port);

const load = () => loadavg()[0].toFixed(1);

console.log(`${cpus().length} cores, load ${load()} at the start`);
console.log('| what | measured |\n|---|---|');
for await (const [what, measured] of rows()) console.log(`| ${what} | ${measured} |`);
console.log(`\nload ${load()} at the end`);

async function* rows() {
  yield* measureTrivial(port, [50_000, 500_000]);
  yield* measureSimulated(port + 20, Number(values.many));
  yield* measureJobs(port + 40);
  yield* measureDistributed(values.python, Number(values['peer-tasks']));
}
