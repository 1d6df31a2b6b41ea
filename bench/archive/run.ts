/**
 * An archive of hundreds of terabytes through a mesh: published, listed, opened and sliced. The references are real, the
 * bytes of the data need not be. `node bench/archive/run.ts [CHUNKS…]`, by hand; by default 10^4 and 10^6 chunks. 1.5e8 are
 * 300 TB: they take 7 GB of disk for the references and some minutes. Prints a table for docs/scale.md.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@hyperslab/client';
import { openAgain } from '../open-again.ts';
import { peakMemory } from '../peak-memory.ts';
import { chunksOfFile, makeReferences, steps, writtenFiles } from './make-references.ts';

const hyperslab = join(import.meta.dirname, '../../node_modules/.bin/hyperslab');

async function milliseconds<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

async function measure(folder: string, state: string, files: number) {
  const up = ['up', '--state', state, '--root', folder, '--no-sample', '--detach', '--port-offset', '20000'];
  execFileSync(hyperslab, up, { stdio: 'ignore' });
  try {
    const client = await connect({ state });
    const [publishMs] = await milliseconds(() => client.publish('archive/global', [`${folder}/*.json`]));
    const peaks = peakMemory(Number(JSON.parse(readFileSync(join(state, 'lock'), 'utf8')).pid));
    const [listMs, listed] = await milliseconds(() => Array.fromAsync(client.list()));
    const dataset = await client.open('archive/global');
    const pointMs: number[] = [];
    for (const file of writtenFiles(files)) {
      const point = dataset.cube('t').isel({ time: file * steps, y: 0, x: 0 });
      const [took, { values }] = await milliseconds(() => point.compute());
      if (values[0] !== file) throw new Error(`expected ${file}, found ${values[0]}`);
      pointMs.push(took);
    }
    const shape = dataset.metadata.variables.find(({ name }) => name === 't')?.shape;
    client.close();
    const manifests = globSync('**/manifests/**', { cwd: state, withFileTypes: true });
    const manifestBytes = manifests
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
      .reduce((largest, size) => Math.max(largest, size), 0);
    return {
      publishMs,
      peaks,
      listMs,
      listed,
      pointMs,
      shape,
      manifestBytes,
      again: openAgain(state, 'archive/global'),
    };
  } finally {
    execFileSync(hyperslab, ['down', '--state', state], { stdio: 'ignore' });
  }
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1e4, 1e6];
console.log(`load ${loadavg()[0].toFixed(1)} at the start`);
console.log(
  '| chunks | files | archive, TB | publish, s | files a second | bytes a chunk | largest worker, scheduler, catalog, backup, MiB | list, ms | open in a new process, ms | a point, first and again, ms |',
);
console.log('|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const size of sizes) {
  const files = Math.max(1, Math.round(size / chunksOfFile));
  const scratch = mkdtempSync(join(tmpdir(), 'hyperslab-archive-'));
  try {
    const bytes = makeReferences(join(scratch, 'archive'), files);
    const found = await measure(join(scratch, 'archive'), join(scratch, 'state'), files);
    const { peaks, publishMs, pointMs } = found;
    const memory = ['worker-pool', 'scheduler', 'catalog', 'metadata-backup'].map((name) =>
      peaks.get(name)?.toFixed(0),
    );
    const chunks = files * chunksOfFile;
    console.log(
      `| ${chunks.toLocaleString('en')} | ${files.toLocaleString('en')} | ${(bytes / 1e12).toFixed(2)} | ${(publishMs / 1000).toFixed(1)} | ${((files / publishMs) * 1000).toFixed(0)} | ${(found.manifestBytes / chunks).toFixed(2)} | ${memory.join(', ')} | ${found.listMs.toFixed(0)} | ${found.again.process.toFixed(0)} | ${pointMs.map((ms) => ms.toFixed(0)).join(', ')} |`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
