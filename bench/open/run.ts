/**
 * Opening and merging, beside the peers in the same run: large files, many small ones, and GRIB messages, on disk and on an
 * S3 server 30 ms away. `node bench/open/run.ts [large|small|messages …] [--s3] [--rounds 3]`, by hand: half an hour for all.
 * Prints Markdown.
 */
import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Collection, collectionNames, prepareCollection, python } from './collections.ts';
import { bucket, type DistantS3, startDistantS3 } from './distant-s3.ts';
import { type PublishedOnce, publishOnce } from './publish-once.ts';

interface PeerOutput {
  seconds: number;
  peak_mib: number;
  shape: number[];
}

const latencyMs = 30;
/** A peer that takes longer is given up. */
const patienceMs = 600_000;
const run = promisify(execFile);

async function openWithPeer(
  peer: string,
  { parameter, folder, names }: Collection,
  s3?: DistantS3,
): Promise<PeerOutput | undefined> {
  const script = join(import.meta.dirname, 'peer.py');
  const files = names.map((name) => (s3 === undefined ? join(folder, name) : `s3://${bucket}/${name}`));
  const options = { env: { ...process.env, ...s3?.env }, maxBuffer: 2 ** 26, timeout: patienceMs };
  try {
    const { stdout } = await run(python, [script, peer, parameter, ...files], options);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } catch (error) {
    if ((error as { killed?: boolean }).killed) return undefined;
    throw error;
  }
}

/** Median of what is picked of each. */
function median<T>(of: readonly T[], pick: (each: T) => number): number {
  return of.map(pick).toSorted((a, b) => a - b)[of.length >> 1];
}

async function measure(collection: Collection, rounds: number, s3?: DistantS3): Promise<void> {
  const { title, megabytes, parameter, folder } = collection;
  const peers = s3 === undefined ? collection.peers.file : collection.peers.s3;
  const own: PublishedOnce[] = [];
  const theirs = new Map<string, PeerOutput[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round++) {
    own.push(await publishOnce(s3 === undefined ? folder : `s3://${bucket}/`, parameter, s3?.env));
    for (const [peer, found] of theirs) {
      const output = await openWithPeer(peer, collection, s3);
      if (output === undefined) theirs.delete(peer);
      else found.push(output);
    }
  }
  const seconds = median(own, (each) => each.seconds);
  const then = median(own, (each) => each.secondsThen);
  const [{ shape }] = own;
  const where = s3 === undefined ? '' : `, S3 at ${latencyMs} ms`;
  const again = (['process', 'session', 'python'] as const)
    .map((which) => median(own, (each) => each.again[which]).toFixed(0))
    .join(', ');
  const perFile = `${median(own, (each) => each.kib).toFixed(1)}, ${median(own, (each) => each.requests).toFixed(1)}`;
  const peak = median(own, (each) => each.peakMib).toFixed(0);
  console.log(
    `| ${title}, ${megabytes.toFixed(0)} MB${where} | Hyperslab, publish | ${seconds.toFixed(2)}, ${then.toFixed(2)} | | ${again} | ${peak} | ${perFile} | ${shape.join('×')} |`,
  );
  for (const peer of peers) {
    const found = theirs.get(peer);
    if (found === undefined) {
      const least = patienceMs / 1000;
      console.log(
        `| | ${peer} | > ${least} | > ${(least / seconds).toFixed(0)}×, ${(least / then).toFixed(0)}× | | | | |`,
      );
      continue;
    }
    const time = median(found, (each) => each.seconds);
    const mib = median(found, (each) => each.peak_mib).toFixed(0);
    console.log(
      `| | ${peer} | ${time.toFixed(2)} | ${(time / seconds).toFixed(1)}×, ${(time / then).toFixed(1)}× | | ${mib} | | ${found[0].shape.join('×')} |`,
    );
  }
}

const { values, positionals } = parseArgs({
  options: { s3: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
console.log(`load ${loadavg()[0].toFixed(1)} at the start; ${rounds} rounds in turns, medians\n`);
console.log(
  '| files | who | open + merge: first, then, s | against Hyperslab: first, then | open again: new process, new session, new process of Python, ms | peak MiB | a file: KiB read, requests | shape |',
);
console.log('|---|---|---:|---:|---:|---:|---:|---|');
for (const name of positionals.length > 0 ? positionals : collectionNames) {
  const collection = prepareCollection(name);
  if (!values.s3) {
    await measure(collection, rounds);
    continue;
  }
  const s3 = await startDistantS3(collection.folder, latencyMs);
  try {
    await measure(collection, rounds, s3);
  } finally {
    await s3.stop();
  }
}
