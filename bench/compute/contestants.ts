import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { python } from '../open/collections.ts';
import type { Checksum } from './checksum.ts';
import type { Job } from './jobs.ts';
import type { BenchMesh } from './mesh.ts';

/** A job that somebody did again and again in a process of its own. */
export interface Measured {
  /** Of each time. */
  seconds: number[];
  /** Largest resident memory of each of the processes, summed. */
  peakMib: number;
  /** Of the largest of those that compute. */
  workerMib: number;
  /** Of the values of the result. */
  resultBytes: number;
  checksums: Checksum[];
}

/** Ours, and when each time began and ended. */
export interface OwnMeasured extends Measured {
  times: { fromMs: number; toMs: number }[];
}

/** The peers: which library on which of Dask's schedulers. */
export const peers = {
  'xarray, distributed': ['xarray', 'distributed'],
  'xarray, threads': ['xarray', 'threads'],
  'Iris, distributed': ['iris', 'distributed'],
  'Iris, threads': ['iris', 'threads'],
} as const;

export type Peer = keyof typeof peers;

/** A peer that takes longer for a job is given up. */
const patienceMs = 600_000;
const run = promisify(execFile);

/** Seconds that count: the median of the later half of the times, of which who is fast has more. */
export function usualSeconds({ seconds }: Measured): number {
  const later = seconds.slice(seconds.length >> 1).toSorted((a, b) => a - b);
  const middle = later.length >> 1;
  return later.length % 2 === 1 ? later[middle] : (later[middle - 1] + later[middle]) / 2;
}

/** Has the mesh compute something, for a client in a new process, of what that has persisted first if so. */
export async function measureOwn(
  mesh: BenchMesh,
  { expressions, reads }: Job,
  persisted: boolean,
): Promise<OwnMeasured> {
  mesh.forgetPeaks();
  const script = join(import.meta.dirname, 'client.ts');
  const kept = persisted ? Object.keys(reads).flatMap((parameter) => ['--persist', parameter]) : [];
  const { stdout } = await run(process.execPath, [script, ...kept, mesh.state, mesh.dataset, ...expressions]);
  const measured: OwnMeasured = JSON.parse(stdout);
  return { ...measured, peakMib: measured.peakMib + mesh.peakMib(), workerMib: mesh.workerMib() };
}

/**
 * Has a peer do a job on files, which it first brings into memory when `persisted`; undefined when it takes too long or fails,
 * which is told on stderr: what the others do is worth having. `env` says how a store is reached.
 */
export async function measurePeer(
  peer: Peer,
  job: string,
  files: readonly string[],
  { persisted, env }: { persisted: boolean; env: Record<string, string> },
): Promise<Measured | undefined> {
  const script = join(import.meta.dirname, 'peer.py');
  const source = persisted ? 'persisted' : 'read';
  const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: patienceMs };
  try {
    const { stdout } = await run(python, [script, ...peers[peer], job, source, ...files], options);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } catch (error) {
    const { killed, message } = error as Error & { killed?: boolean };
    console.error(killed ? `${peer}: longer than ${patienceMs / 1000} s` : message);
    return undefined;
  }
}
