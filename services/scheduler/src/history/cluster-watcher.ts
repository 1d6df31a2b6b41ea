import type {
  ClusterEvent,
  ClusterUpdate,
  TaskRecord,
  WorkerHistory,
  WorkerInfo,
} from '@hyperslab/proto/scheduler';
import type { SchedulerState, WorkerRun } from '../state/scheduler-state.ts';
import { workerInfo } from '../workers/cluster-view.ts';
import { clusterPoint } from './cluster-series.ts';
import type { History } from './history.ts';
import type { WatchedJobs } from './job-change-sets.ts';
import type { WatchWishes } from './watch-wishes.ts';
import { watchedJob } from './watched-job.ts';
import { workerPoint } from './worker-series.ts';

/** What a watcher was told of a worker. */
type SeenWorker = Pick<WorkerRun, 'report' | 'draining'> & { running: number };

/**
 * One who watches the cluster: where he stands in all that is kept. An update has what is new since the one before, so
 * that one who comes seldom gets it all at once; nothing is queued for him.
 */
export class ClusterWatcher {
  readonly #state: SchedulerState;
  readonly #history: History;
  readonly #wishes: WatchWishes;
  readonly #jobs: WatchedJobs;
  readonly #workers = new Map<string, SeenWorker>();
  /** How many of its points were there when a worker's were sent last. */
  readonly #workerPoints = new Map<string, number>();
  readonly #sinceMs: number;
  #points: number;
  #event = 0;
  #task = 0;
  #isFirst = true;

  constructor(state: SchedulerState, history: History, wishes: WatchWishes, nowMs: number) {
    this.#state = state;
    this.#history = history;
    this.#wishes = wishes;
    this.#jobs = history.jobs.watch(wishes.endedJobs);
    history.advance(nowMs);
    this.#sinceMs = nowMs - wishes.historySeconds * 1000;
    this.#points = history.cluster.points(wishes.resolutionSeconds).pushedBefore(this.#sinceMs);
    if (wishes.epoch !== history.epoch) return;
    this.#event = Math.min(wishes.afterEvent, history.events.latest);
    this.#task = Math.min(wishes.afterTask, history.tasks.ended);
  }

  /** What is new. */
  update(nowMs: number): ClusterUpdate {
    this.#history.advance(nowMs);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const { epoch, scaling, cluster } = this.#history;
    const { resolutionSeconds } = this.#wishes;
    const ring = cluster.points(resolutionSeconds);
    const points = Array.from(ring.after(this.#points), clusterPoint);
    this.#points = ring.pushed;
    const { changed, gone } = this.#jobs.take();
    return {
      time: new Date(nowMs),
      epoch,
      complete: isFirst,
      more: false,
      totals: this.#history.totals(),
      ...this.#changedWorkers(),
      jobs: changed.map((job) => watchedJob(job, this.#state)),
      jobsGone: gone,
      resolutionSeconds,
      points,
      workerHistory: this.#workerHistory(),
      ...this.#newTasks(isFirst),
      ...this.#newEvents(isFirst),
      scaling,
    };
  }

  /** He has seen enough. */
  close(): void {
    this.#jobs.close();
  }

  #changedWorkers(): { workers: WorkerInfo[]; workersGone: string[] } {
    const workers: WorkerInfo[] = [];
    for (const worker of this.#state.workers.values()) {
      const { id, report, draining, running } = worker;
      const seen = this.#workers.get(id);
      if (seen?.report === report && seen?.draining === draining && seen?.running === running.size) continue;
      this.#workers.set(id, { report, draining, running: running.size });
      workers.push(workerInfo(worker));
    }
    const workersGone = [...this.#workers.keys()].filter((id) => !this.#state.workers.has(id));
    for (const id of workersGone) {
      this.#workers.delete(id);
      this.#workerPoints.delete(id);
    }
    return { workers, workersGone };
  }

  #workerHistory(): WorkerHistory[] {
    const { workerResolutionSeconds: resolutionSeconds, wantsWorker } = this.#wishes;
    if (resolutionSeconds === undefined) return [];
    const histories: WorkerHistory[] = [];
    for (const [workerId, series] of this.#history.workers.series()) {
      if (!wantsWorker(workerId)) continue;
      const ring = series.points(resolutionSeconds);
      const seen = this.#workerPoints.get(workerId) ?? ring.pushedBefore(this.#sinceMs);
      if (seen === ring.pushed) continue;
      histories.push({ workerId, resolutionSeconds, points: Array.from(ring.after(seen), workerPoint) });
      this.#workerPoints.set(workerId, ring.pushed);
    }
    return histories;
  }

  #newTasks(isFirst: boolean): { tasks: TaskRecord[]; tasksLeftOut: number } {
    const stream = this.#history.tasks;
    const tasks = stream.after(this.#task, this.#wishes.taskRecords);
    const ended = stream.ended - this.#task;
    // Nobody misses what was before he came.
    const tasksLeftOut = isFirst && this.#task === 0 ? 0 : ended - tasks.length;
    this.#task = stream.ended;
    return { tasks, tasksLeftOut };
  }

  #newEvents(isFirst: boolean): { events: ClusterEvent[]; eventsLeftOut: number } {
    const log = this.#history.events;
    const events = log.after(this.#event, this.#wishes.events);
    const eventsLeftOut = isFirst && this.#event === 0 ? 0 : log.latest - this.#event - events.length;
    this.#event = log.latest;
    return { events, eventsLeftOut };
  }
}
