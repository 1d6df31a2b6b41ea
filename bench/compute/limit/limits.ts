import type { Job } from '../jobs.ts';
import { type Decoding, measureDecoding } from './decoding.ts';
import { locateChunks } from './locate-chunks.ts';
import { streamBytesPerSecond } from './streaming.ts';

/** How fast this machine decodes and streams when it does nothing else. */
export interface Limits {
  /** By parameter, for all its chunks. */
  decoding: ReadonlyMap<string, Decoding>;
  /** Bytes a second of a stream of gRPC. */
  streaming: number;
}

/** Measures what some jobs need of it, on the files that they read. */
export async function measureLimits(
  folder: string,
  names: readonly string[],
  jobs: readonly Job[],
): Promise<Limits> {
  const parameters = new Set(jobs.flatMap(({ reads }) => Object.keys(reads)));
  const decoding = new Map<string, Decoding>();
  for (const parameter of parameters)
    decoding.set(parameter, await measureDecoding(await locateChunks(folder, names, parameter)));
  return { decoding, streaming: await streamBytesPerSecond() };
}

/**
 * Seconds that a job takes at least: what it reads is decoded, unless it is in memory, decoded, and its result is streamed. A
 * machine that did both at once would take the longer of them.
 */
export function limitSeconds(
  { decoding, streaming }: Limits,
  { reads }: Job,
  resultBytes: number,
  fromMemory: boolean,
): number {
  const decode = Object.entries(reads).map(([parameter, share]) => decoding.get(parameter)!.seconds * share);
  const decoded = fromMemory ? 0 : decode.reduce((sum, seconds) => sum + seconds, 0);
  return decoded + resultBytes / streaming;
}
