import { HyperslabError } from '@hyperslab/errors';
import type { ClusterUpdate, WatchClusterRequest, WorkerHistory } from '@hyperslab/proto/scheduler';
import { openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';

/** What is to be seen of a cluster; see WatchClusterRequest for limits and defaults. */
export interface WatchClusterOptions extends Partial<WatchClusterRequest> {
  signal?: AbortSignal;
}

/** What a watcher has by now, to go on from after a lost connection. */
interface Seen {
  epoch: string;
  event: number;
  task: number;
  /** When the last update came, by performance.now(). */
  atMs: number;
  pointMs: number;
  workerPointMs: Map<string, number>;
}

const nothing: WatchClusterRequest = {
  historySeconds: 0,
  resolutionSeconds: 0,
  intervalMs: 0,
  workerHistory: false,
  workerIds: [],
  taskRecords: 0,
  events: 0,
  endedJobs: 0,
  epoch: '',
  afterEvent: 0,
  afterTask: 0,
};
/** What must be asked for beyond the time that was missed: points of the coarsest resolution are a minute late. */
const lateSeconds = 70;

/**
 * The cluster as it changes. After a lost connection it goes on: the first update then is a complete one, without the
 * points, events and records that were seen.
 */
export async function* watchCluster(
  connection: Connection,
  { signal, ...wishes }: WatchClusterOptions,
): AsyncGenerator<ClusterUpdate> {
  const backoff = new Backoff({ patienceMs: connection.patienceMs, signal });
  const request = { ...nothing, ...wishes };
  let seen: Seen | undefined;
  for (;;) {
    try {
      const updates = openStream(connection.watchedScheduler, 'watchCluster', resumed(request, seen), {
        signal,
      });
      for await (const update of updates) {
        backoff.succeeded();
        seen ??= firstSeen(request);
        yield unseen(update, seen);
      }
      throw new HyperslabError('UNAVAILABLE', 'the scheduler stopped telling about the cluster');
    } catch (error) {
      await backoff.failed(error);
    }
  }
}

function firstSeen({ epoch, afterEvent, afterTask }: WatchClusterRequest): Seen {
  return { epoch, event: afterEvent, task: afterTask, atMs: 0, pointMs: -1, workerPointMs: new Map() };
}

function resumed(request: WatchClusterRequest, seen: Seen | undefined): WatchClusterRequest {
  if (seen === undefined) return request;
  const missed = Math.ceil((performance.now() - seen.atMs) / 1000) + lateSeconds;
  return {
    ...request,
    historySeconds: Math.min(missed, 86_400),
    epoch: seen.epoch,
    afterEvent: seen.event,
    afterTask: seen.task,
  };
}

/** An update without the points that were seen already; takes note of what it has. */
function unseen(update: ClusterUpdate, seen: Seen): ClusterUpdate {
  if (update.epoch !== seen.epoch) Object.assign(seen, { epoch: update.epoch, event: 0, task: 0 });
  seen.event = update.events.at(-1)?.number ?? seen.event;
  seen.task = update.tasks.at(-1)?.number ?? seen.task;
  seen.atMs = performance.now();
  const points = update.points.filter(({ time }) => millis(time) > seen.pointMs);
  seen.pointMs = millis(points.at(-1)?.time) || seen.pointMs;
  for (const workerId of update.workersGone) seen.workerPointMs.delete(workerId);
  const workerHistory = update.workerHistory.map((history) => unseenPoints(history, seen));
  return { ...update, points, workerHistory };
}

function unseenPoints(history: WorkerHistory, { workerPointMs }: Seen): WorkerHistory {
  const last = workerPointMs.get(history.workerId) ?? -1;
  const points = history.points.filter(({ time }) => millis(time) > last);
  workerPointMs.set(history.workerId, millis(points.at(-1)?.time) || last);
  return { ...history, points };
}

function millis(time: Date | undefined): number {
  return time?.getTime() ?? 0;
}
