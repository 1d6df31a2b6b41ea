import { setTimeout as sleep } from 'node:timers/promises';
import { measureOwn, measurePeer, type Peer } from './contestants.ts';
import { describeCounted, type Moved, movedOf } from './counted.ts';
import type { Job } from './jobs.ts';
import type { BenchMesh } from './mesh.ts';
import type { JobRounds } from './table.ts';
import { describeTasks, type TimeWatch, toldMs } from './time-spent.ts';

/** Where all jobs are done. */
export interface Contest {
  mesh: BenchMesh;
  watch: TimeWatch;
  /** Paths or URLs that the peers open. */
  files: readonly string[];
  /** How they reach a store. */
  env: Record<string, string>;
  /** What they read is brought into memory before the clock starts: by the peers, and by us. */
  persisted: { peers: boolean; own: boolean };
  contestants: readonly Peer[];
}

/** A job in some rounds, ours and the peers in turns, each round beginning with another one; and where the time of ours went. */
export async function measureJob(
  contest: Contest,
  name: string,
  job: Job,
  rounds: number,
): Promise<JobRounds & { spent: string[] }> {
  const theirs = new Map(contest.contestants.map((peer): [Peer, JobRounds['own']] => [peer, []]));
  const measured = { job, own: [] as JobRounds['own'], theirs, moved: [] as Moved[], spent: [] as string[] };
  const turns: (Peer | undefined)[] = [undefined, ...contest.contestants];
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < turns.length; turn++) {
      const peer = turns[(round + turn) % turns.length];
      if (peer === undefined) await ownTurn(contest, measured);
      else if (theirs.has(peer)) await peerTurn(contest, name, peer, theirs);
    }
  }
  return measured;
}

async function ownTurn(
  { mesh, watch, persisted }: Contest,
  { job, own, moved, spent }: Pick<JobRounds, 'job' | 'own' | 'moved'> & { spent: string[] },
): Promise<void> {
  await sleep(toldMs);
  const measured = await measureOwn(mesh, job, persisted.own);
  await sleep(toldMs);
  own.push(measured);
  const { seconds, times } = measured;
  const counted = watch.countedBetween(times[0].fromMs, Date.now());
  moved.push(movedOf(counted, watch.workers, seconds));
  const { fromMs, toMs } = times.at(-1)!;
  const tasks = describeTasks(watch.tasksBetween(fromMs, toMs), fromMs, toMs);
  spent.push(`${tasks}; ${describeCounted(counted, seconds.length)}`);
  report('Hyperslab', job.title, seconds);
}

async function peerTurn(
  { files, env, persisted }: Contest,
  name: string,
  peer: Peer,
  theirs: Map<Peer, JobRounds['own']>,
): Promise<void> {
  const measured = await measurePeer(peer, name, files, { persisted: persisted.peers, env });
  if (measured === undefined) theirs.delete(peer);
  else theirs.get(peer)!.push(measured);
  report(peer, name, measured?.seconds ?? []);
}

/** Tells whoever waits for the table how it goes. */
function report(who: string, what: string, seconds: readonly number[]): void {
  console.error(`${who}, ${what}: ${seconds.map((each) => each.toFixed(2)).join(', ') || 'given up'} s`);
}
