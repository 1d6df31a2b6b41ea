import type { Figures } from '../src/index.ts';

/** A job as a load has it. */
export interface LoadJob {
  atS: number;
  tasks: number;
  taskS: number;
  /** Bytes of each task's block; they are kept until the job is released, else until it ends. */
  blockBytes?: number;
  releaseAtS?: number;
}

/** What workers are like. */
export interface PoolOptions {
  slots?: number;
  memoryBytes?: number;
  /** Time until the worker of an ordinal is ready, seconds; Infinity for one that never is. */
  startS?: (ordinal: number) => number;
  /** How long a worker that goes may finish its tasks, seconds. */
  drainS?: number;
  /** The scheduler is away from … to; its workers come back one each second, and it takes up its jobs after that. */
  away?: { fromS: number; toS: number };
}

interface Worker {
  ordinal: number;
  readyAtS: number;
  goneAtS: number;
  running: { job: JobRun; leftS: number }[];
  heldBytes: Map<JobRun, number>;
}

interface JobRun extends LoadJob {
  waiting: number;
  done: number;
  /** Estimated seconds of a task, as the scheduler estimates them. */
  paceS: number | undefined;
  endedAtS: number | undefined;
}

/** The part of a worker's memory that held blocks may fill; the policy must keep to it. */
const blockShare = 0.15;
const recoveryS = 10;

/**
 * Workers of ordinals 0, 1, 2 … as a StatefulSet has them, and a scheduler that hands out tasks, second by second: the
 * highest ordinals go first, and hand what they hold to those that stay.
 */
export class SimulatedPool {
  readonly slots: number;
  readonly memoryBytes: number;
  wanted: number;
  nowS = 0;
  /** Bytes that nobody was there to take when their worker went. */
  lostBytes = 0;
  /** Tasks that began again since their worker went. */
  returnedTasks = 0;
  readonly #options: PoolOptions;
  readonly #jobs: JobRun[];
  readonly #workers: Worker[] = [];

  constructor(load: readonly LoadJob[], wanted: number, options: PoolOptions = {}) {
    this.slots = options.slots ?? 4;
    this.memoryBytes = options.memoryBytes ?? 2 ** 31;
    this.#options = options;
    this.#jobs = load.map((job) => ({ ...job, waiting: 0, done: 0, paceS: undefined, endedAtS: undefined }));
    this.wanted = wanted;
    this.#followWanted(0);
  }

  get isDone(): boolean {
    return this.#jobs.every((job) => job.done === job.tasks);
  }

  /** When the last job ended. */
  get endS(): number {
    return Math.max(0, ...this.#jobs.map((job) => job.endedAtS ?? Number.POSITIVE_INFINITY));
  }

  get ready(): number {
    return this.#staying.length;
  }

  get heldBytes(): number {
    return this.#staying.reduce((sum, worker) => sum + held(worker), 0);
  }

  /** Whether all that is held has room in so many workers. */
  fits(workers: number): boolean {
    return this.heldBytes <= workers * this.memoryBytes * blockShare;
  }

  /** What the scheduler would say. */
  figures(): Figures | undefined {
    const { fromS, toS } = this.#options.away ?? { fromS: Number.POSITIVE_INFINITY, toS: 0 };
    if (this.nowS >= fromS && this.nowS < toS) return undefined;
    const sinceS = this.nowS >= toS && toS > 0 ? this.nowS - toS : Number.POSITIVE_INFINITY;
    const staying = this.#staying.slice(0, Math.min(this.#staying.length, sinceS));
    const jobs = sinceS < recoveryS ? [] : this.#open;
    const running = staying.reduce((sum, worker) => sum + worker.running.length, 0);
    return {
      queuedSlotSeconds: jobs.reduce((sum, job) => sum + (job.tasks - job.done) * (job.paceS ?? 0.5), 0),
      tasksQueued: jobs.reduce((sum, job) => sum + job.waiting, 0),
      tasksRunning: sinceS < recoveryS ? 0 : running,
      heldBytes: staying.reduce((sum, worker) => sum + held(worker), 0),
      workers: staying.length,
      draining: this.#workers.filter((worker) => this.#isLeaving(worker)).length,
      size: staying.length > 0 ? { slots: this.slots, memoryBytes: this.memoryBytes } : undefined,
    };
  }

  /** A second passes, at whose beginning so many workers are asked for. */
  pass(wanted: number): void {
    this.wanted = wanted;
    this.#followWanted(this.nowS);
    for (const job of this.#jobs) {
      if (job.atS === this.nowS) job.waiting = job.tasks;
      if (job.releaseAtS === this.nowS) for (const worker of this.#workers) worker.heldBytes.delete(job);
    }
    for (const worker of this.#workers) this.#work(worker, this.#isLeaving(worker));
    this.nowS++;
    for (const worker of this.#workers.filter(({ goneAtS }) => goneAtS <= this.nowS)) this.#leave(worker);
  }

  get #open(): JobRun[] {
    return this.#jobs.filter((job) => job.atS <= this.nowS && job.done < job.tasks);
  }

  get #staying(): Worker[] {
    return this.#workers.filter((worker) => worker.readyAtS <= this.nowS && !this.#isLeaving(worker));
  }

  #isLeaving(worker: Worker): boolean {
    return Number.isFinite(worker.goneAtS);
  }

  #followWanted(nowS: number): void {
    for (const worker of this.#workers) {
      if (worker.ordinal < this.wanted || this.#isLeaving(worker)) continue;
      worker.goneAtS = worker.readyAtS > nowS ? nowS : nowS + (this.#options.drainS ?? 8);
    }
    for (const worker of this.#workers.filter(({ goneAtS }) => goneAtS <= nowS)) this.#leave(worker);
    for (let ordinal = 0; ordinal < this.wanted; ordinal++) {
      if (this.#workers.some((worker) => worker.ordinal === ordinal)) continue;
      const readyAtS = nowS + (this.#options.startS?.(ordinal) ?? 12);
      const worker = {
        ordinal,
        readyAtS,
        goneAtS: Number.POSITIVE_INFINITY,
        running: [],
        heldBytes: new Map(),
      };
      this.#workers.push(worker);
    }
  }

  /** Each slot has a second for its task, and for the next ones when that is done. */
  #work(worker: Worker, leaving: boolean): void {
    if (worker.readyAtS > this.nowS) return;
    const tasks = worker.running.splice(0);
    for (let slot = 0; slot < this.slots; slot++) {
      let roomS = 1;
      let task: Worker['running'][number] | undefined = tasks[slot] ?? this.#take(leaving);
      while (task !== undefined) {
        const spentS = Math.min(roomS, task.leftS);
        task.leftS -= spentS;
        roomS -= spentS;
        if (task.leftS > 1e-9) {
          worker.running.push(task);
          break;
        }
        this.#finish(worker, task.job);
        task = roomS > 1e-9 ? this.#take(leaving) : undefined;
      }
    }
  }

  #take(leaving: boolean): Worker['running'][number] | undefined {
    const job = leaving ? undefined : this.#open.find(({ waiting }) => waiting > 0);
    if (job === undefined) return undefined;
    job.waiting--;
    return { job, leftS: job.taskS };
  }

  #finish(worker: Worker, job: JobRun): void {
    job.done++;
    job.paceS = job.paceS === undefined ? job.taskS : job.paceS + 0.1 * (job.taskS - job.paceS);
    if (job.blockBytes !== undefined) {
      worker.heldBytes.set(job, (worker.heldBytes.get(job) ?? 0) + job.blockBytes);
    }
    if (job.done < job.tasks) return;
    job.endedAtS = this.nowS;
    if (job.releaseAtS === undefined) for (const each of this.#workers) each.heldBytes.delete(job);
  }

  #leave(worker: Worker): void {
    this.#workers.splice(this.#workers.indexOf(worker), 1);
    for (const { job } of worker.running) {
      job.waiting++;
      this.returnedTasks++;
    }
    const others = this.#staying;
    for (const [job, bytes] of worker.heldBytes) {
      const heir = others.reduce<Worker | undefined>(
        (least, next) => (least === undefined || held(next) < held(least) ? next : least),
        undefined,
      );
      if (heir === undefined) this.lostBytes += bytes;
      else heir.heldBytes.set(job, (heir.heldBytes.get(job) ?? 0) + bytes);
    }
  }
}

function held(worker: Worker): number {
  return [...worker.heldBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
