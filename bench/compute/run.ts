/**
 * Computations on 192 files, beside xarray and Iris on Dask, in turns, and the limit that this machine sets:
 * `node bench/compute/run.ts [JOB…] [--rounds 3] [--s3] [--cached 1GiB | --persisted] [--own] [--run FOLDER]`, by hand; half an hour for all.
 * Prints Markdown. --own leaves out the peers; --run names files like these, of fewer steps and levels, to try it.
 *
 * Without --cached nothing is in memory, decoded, when a job begins; with it, each of our two workers keeps so much of decoded
 * chunks, and the peers have persisted what they read; with --persisted, we have, too, and compute on that. --s3 puts the files on an S3 server that is 30 ms away; Iris reads none.
 */
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesOf, prepareCollection } from '../open/collections.ts';
import { bucket, type DistantS3, startDistantS3 } from '../open/distant-s3.ts';
import { type Peer, peers } from './contestants.ts';
import { jobs, onPersisted } from './jobs.ts';
import { type Limits, limitSeconds, measureLimits } from './limit/limits.ts';
import { type BenchMesh, startMesh } from './mesh.ts';
import { measureJob } from './rounds.ts';
import { disagreements, resultBytesOf, tableHead, tableRow } from './table.ts';
import { TimeWatch } from './time-spent.ts';

const latencyMs = 30;
const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    s3: { type: 'boolean', default: false },
    cached: { type: 'string' },
    persisted: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
    run: { type: 'string' },
  },
  allowPositionals: true,
});
const usual = values.persisted ? onPersisted : Object.keys(jobs);
const names = positionals.length > 0 ? positionals : usual;
const unknown = names.find((name) => jobs[name] === undefined);
if (unknown !== undefined) throw new Error(`no job "${unknown}"; there are ${Object.keys(jobs).join(', ')}`);
const persisted = values.persisted || values.cached !== undefined;
const contestants = (Object.keys(peers) as Peer[]).filter(
  (peer) => !values.own && (!values.s3 || peers[peer][0] === 'xarray'),
);
const collection = values.run === undefined ? prepareCollection('large') : filesOf(values.run);

/** A mesh that reads the files where the peers do. */
function startOwn(s3?: DistantS3): Promise<BenchMesh> {
  return startMesh(s3 === undefined ? collection.folder : `s3://${bucket}/`, {
    ...s3?.env,
    HYPERSLAB_WORKER_CACHE_BYTES: values.cached ?? '0',
    // What was computed before is computed again.
    HYPERSLAB_KEPT_RESULT_BYTES: '0',
    // The cache is part of a worker's memory.
    ...(persisted && { HYPERSLAB_WORKER_MEMORY: '6GiB' }),
  });
}

/** Measures all jobs and prints a row for each, then what else there is to say. */
async function measureAll(mesh: BenchMesh, limits: Limits, s3?: DistantS3): Promise<void> {
  const where = (name: string) =>
    s3 === undefined ? join(collection.folder, name) : `s3://${bucket}/${name}`;
  const files = collection.names.map(where);
  const watch = await TimeWatch.start(mesh.state);
  const contest = {
    persisted: { peers: persisted, own: values.persisted },
    mesh,
    watch,
    files,
    env: s3?.env ?? {},
    contestants,
  };
  const [notes, differing]: string[][] = [[], []];
  console.log(tableHead(contestants));
  for (const name of names) {
    const measured = await measureJob(contest, name, jobs[name], Number(values.rounds));
    const limit = limitSeconds(limits, jobs[name], resultBytesOf(measured), persisted);
    console.log(tableRow(measured, limit, contestants));
    notes.push(...measured.spent.map((spent) => `- ${jobs[name].title}: ${spent}`));
    differing.push(...disagreements(measured).map((found) => `- ${found}`));
  }
  watch.stop();
  const agreement =
    differing.length > 0 ? `DIFFERENT RESULTS:\n\n${differing.join('\n')}` : 'All results agree.';
  console.log(`\n${agreement}`);
  console.log(`\nWhere the time of ours went, the last time of each round:\n\n${notes.join('\n')}`);
}

const where = values.s3 ? `, S3 at ${latencyMs} ms` : '';
const cached = values.cached === undefined ? 'nothing cached' : `caches of ${values.cached}, peers persisted`;
const kept = values.persisted ? 'all persisted' : cached;
console.log(`${collection.title}, ${collection.megabytes.toFixed(0)} MB${where}; ${kept}`);
console.log(
  `${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; ${values.rounds} rounds in turns, medians\n`,
);
const chosen = names.map((name) => jobs[name]);
const limits = await measureLimits(collection.folder, collection.names, chosen);
const decoding = [...limits.decoding].map(
  ([parameter, { seconds, inflater }]) => `${parameter} ${seconds.toFixed(3)} s (${inflater})`,
);
console.log(`limit: two threads decode ${decoding.join(', ')};`);
console.log(`a stream of gRPC carries ${(limits.streaming / 1e9).toFixed(2)} GB/s\n`);
const s3 = values.s3 ? await startDistantS3(collection.folder, latencyMs) : undefined;
try {
  const mesh = await startOwn(s3);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      mesh.stop();
      process.exit(1);
    });
  try {
    await measureAll(mesh, limits, s3);
  } finally {
    mesh.stop();
  }
} finally {
  await s3?.stop();
}
