/**
 * Opening and merging, beside the peers in the same run: large files, many small ones, and GRIB messages.
 * `node bench/open/run.ts [large|small|messages …]`, by hand: ten minutes for all. Prints Markdown.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@hyperslab/client';

interface Collection {
  title: string;
  parameter: string;
  peers: string[];
  make(folder: string): void;
}

const root = join(import.meta.dirname, '../..');
const python = join(root, '.tools/peers/bin/python');
const generator = join(root, '../shared/peers/gen_run.py');
const hyperslab = join(root, 'node_modules/.bin/hyperslab');
const run = (script: string, ...args: string[]) =>
  execFileSync(python, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

const collections: Record<string, Collection> = {
  large: {
    title: '192 NetCDF-4 files',
    parameter: 't',
    peers: ['xarray', 'iris', 'kerchunk'],
    make: (folder) => run(generator, folder),
  },
  small: {
    title: '2,000 small NetCDF-4 files',
    parameter: 't',
    peers: ['xarray', 'iris', 'kerchunk'],
    make: (folder) => run(generator, folder, '--small'),
  },
  messages: {
    title: '50,000 GRIB 2 messages in 50 files',
    parameter: 't',
    peers: ['cfgrib'],
    make: (folder) => run(join(import.meta.dirname, 'make-messages.py'), folder, '50'),
  },
};

/** Seconds of a publish, and of opening it in a new process, on a mesh of its own with two workers. */
async function publishOnce(folder: string, parameter: string) {
  const state = mkdtempSync(join(tmpdir(), 'hyperslab-bench-'));
  const up = ['up', '--state', state, '--root', folder, '--no-sample', '--detach', '--port-offset', '20000'];
  execFileSync(hyperslab, up, { stdio: 'ignore' });
  try {
    const client = await connect({ state });
    const started = performance.now();
    await client.publish('bench/run', [`${folder}/`]);
    const seconds = (performance.now() - started) / 1000;
    const dataset = await client.open('bench/run');
    const variable = dataset.metadata.variables.find(({ name }) => name === parameter);
    const { bytesRead = 0, objects = 1 } = dataset.metadata.provenance ?? {};
    client.close();
    const program = join(import.meta.dirname, '../open-again.ts');
    const again = Array.from({ length: 5 }, () =>
      Number(execFileSync(process.execPath, [program, state, 'bench/run'], { encoding: 'utf8' })),
    ).toSorted((a, b) => a - b)[2];
    return { seconds, again, shape: variable?.shape, kibPerFile: bytesRead / objects / 1024 };
  } finally {
    execFileSync(hyperslab, ['down', '--state', state], { stdio: 'ignore' });
    rmSync(state, { recursive: true, force: true });
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(collections);
const rounds = 3;
console.log(`load ${loadavg()[0].toFixed(1)} at the start; ${rounds} rounds in turns, medians\n`);
console.log(
  '| files | who | open + merge, s | against Hyperslab | open again, ms | peak MiB | KiB read a file | shape |',
);
console.log('|---|---|---:|---:|---:|---:|---:|---|');
for (const key of wanted) {
  const { title, parameter, peers, make } = collections[key];
  const folder = join(root, '.tools/bench', key);
  if (!existsSync(folder)) make(folder);
  const files = globSync('*.{nc,grib2}', { cwd: folder })
    .map((name) => join(folder, name))
    .toSorted();
  const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
  const own: Awaited<ReturnType<typeof publishOnce>>[] = [];
  const theirs = new Map<string, { seconds: number; peak_mib: number; shape: number[] }[]>();
  for (let round = 0; round < rounds; round++) {
    own.push(await publishOnce(folder, parameter));
    for (const peer of peers) {
      const script = join(import.meta.dirname, 'peer.py');
      const output = execFileSync(python, [script, peer, parameter, ...files], { encoding: 'utf8' });
      const found = JSON.parse(output.trim().split('\n').at(-1)!);
      theirs.set(peer, [...(theirs.get(peer) ?? []), found]);
    }
  }
  const seconds = median(own.map((each) => each.seconds));
  const [{ shape, kibPerFile }] = own;
  console.log(
    `| ${title}, ${megabytes.toFixed(0)} MB | Hyperslab, publish | ${seconds.toFixed(2)} | | ${median(own.map(({ again }) => again)).toFixed(0)} | – | ${kibPerFile.toFixed(1)} | ${shape?.join('×')} |`,
  );
  for (const [peer, found] of theirs) {
    const time = median(found.map((each) => each.seconds));
    console.log(
      `| | ${peer} | ${time.toFixed(2)} | ${(time / seconds).toFixed(1)}× | | ${median(found.map((each) => each.peak_mib)).toFixed(0)} | | ${found[0].shape.join('×')} |`,
    );
  }
}
