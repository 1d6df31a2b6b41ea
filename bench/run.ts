/**
 * Opens, merges and averages a model run with Hyperslab, xarray and Iris, in turns on the same files, and prints a table.
 *
 *     npm run bench -- [--run FOLDER] [--parameter t] [--repeats 3]
 *
 * Without --run the files are those of the peers' generator where it is beside the repository, else a sample run.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureHyperslab } from './hyperslab.ts';
import { measurePeer, type Peer, peers } from './peer.ts';
import { type Measurement, table } from './table.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    run: { type: 'string', default: join(root, '.tools/bench/run') },
    parameter: { type: 'string', default: 't' },
    repeats: { type: 'string', default: '3' },
  },
});

function prepareRun(folder: string): void {
  if (existsSync(folder)) return;
  const generator = join(root, '../shared/peers/gen_run.py');
  if (existsSync(generator)) {
    execFileSync(join(root, '.tools/peers/bin/python'), [generator, folder], { stdio: 'inherit' });
  } else {
    execFileSync(join(root, 'node_modules/.bin/hyperslab'), ['sample', folder, '--size', '1GiB'], {
      stdio: 'inherit',
    });
  }
}

const folder = values.run;
prepareRun(folder);
const repeats = Number(values.repeats);
const results = new Map<string, Measurement[]>();

function record(name: string, measurement: Measurement): void {
  results.set(name, [...(results.get(name) ?? []), measurement]);
  console.error(`${name}: open ${measurement.openS.toFixed(2)} s, mean ${measurement.meanS.toFixed(2)} s`);
}

// In turns, so that whatever else the machine does falls on all alike.
for (let round = 0; round < repeats; round++) {
  record('Hyperslab', await measureHyperslab(folder, values.parameter));
  for (const peer of Object.keys(peers) as Peer[]) record(peer, measurePeer(peer, folder, values.parameter));
}

const files = globSync('*.nc', { cwd: folder }).map((name) => join(folder, name));
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
console.log(
  `${files.length} files, ${(bytes / 1e9).toFixed(2)} GB on disk; mean over time of ${values.parameter}`,
);
console.log(`${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${repeats} rounds, medians\n`);
console.log(table(results));
