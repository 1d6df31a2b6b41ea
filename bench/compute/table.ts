import { type Checksum, difference } from './checksum.ts';
import { type Measured, type Peer, peers, usualSeconds } from './contestants.ts';
import type { Moved } from './counted.ts';
import type { Job } from './jobs.ts';

/** What was measured of a job: all rounds of each contestant. */
export interface JobRounds {
  job: Job;
  own: Measured[];
  /** What went between our workers, in each round, each time of it. */
  moved: Moved[];
  /** Without peers that were given up. */
  theirs: ReadonlyMap<Peer, Measured[]>;
}

const names = Object.keys(peers) as Peer[];
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Middle value; of an even number of them the upper one of the middle two. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const secondsOf = (rounds: readonly Measured[]) => median(rounds.map(usualSeconds));
const memoryOf = (rounds: readonly Measured[], which: 'peakMib' | 'workerMib') =>
  median(rounds.map((measured) => measured[which])).toFixed(0);

/** Bytes of a job's result; 0 when nobody computed it. */
export function resultBytesOf({ own, theirs }: JobRounds): number {
  return [...own, ...[...theirs.values()].flat()][0]?.resultBytes ?? 0;
}

/** Head of a Markdown table with a row for each job. */
export function tableHead(contestants: readonly Peer[]): string {
  const head = [
    'job',
    'Hyperslab, s',
    ...contestants.map((peer) => `${peer}, s`),
    'best peer ÷ ours',
    'limit, s',
    'our share of it',
    'moved between our workers: MB, share of the time',
    'peak MiB of a worker: ours, best peer',
    'of all processes',
  ];
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:')))].join('\n');
}

/** A job's row: medians of the rounds, beside the seconds that it takes at least. */
export function tableRow(
  { job, own, moved, theirs }: JobRounds,
  limit: number,
  contestants: readonly Peer[],
): string {
  const ours = own.length > 0 ? secondsOf(own) : undefined;
  const found = contestants.filter((peer) => theirs.has(peer));
  const best = found.toSorted((a, b) => secondsOf(theirs.get(a)!) - secondsOf(theirs.get(b)!)).at(0);
  return line([
    job.title,
    ours?.toFixed(2) ?? '–',
    ...contestants.map((peer) => (theirs.has(peer) ? secondsOf(theirs.get(peer)!).toFixed(2) : '–')),
    ours && best ? `${(secondsOf(theirs.get(best)!) / ours).toFixed(2)}×` : '–',
    limit.toFixed(3),
    ours ? `${((limit / ours) * 100).toFixed(0)} %` : '–',
    ours ? movedCell(moved) : '–',
    ...(['workerMib', 'peakMib'] as const).map(
      (which) =>
        `${own.length > 0 ? memoryOf(own, which) : '–'}, ${best ? memoryOf(theirs.get(best)!, which) : '–'}`,
    ),
  ]);
}

function movedCell(moved: readonly Moved[]): string {
  const [megabytes, percent] = [
    median(moved.map(({ bytes }) => bytes)) / 1e6,
    median(moved.map(({ share }) => share)) * 100,
  ];
  return `${megabytes.toFixed(1)}, ${percent.toFixed(0)} %`;
}

/** Which peers' results of a job differ from the reference: ours, or those of the first peer when we have none. */
export function disagreements({ job, own, theirs }: JobRounds): string[] {
  const reference: readonly Checksum[] | undefined = [...own, ...[...theirs.values()].flat()][0]?.checksums;
  if (reference === undefined) return [];
  return names.flatMap((peer) => {
    const differs = theirs.get(peer)?.map(({ checksums }) => difference(reference, checksums)) ?? [];
    return differs.flatMap((found) => (found === undefined ? [] : [`${job.title}: ${peer} has ${found}`]));
  });
}
