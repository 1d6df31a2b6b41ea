/** Jobs that have had as much as this less than others go first, milliseconds: a new one has had so much less than any. */
const creditMs = 10;
/** Whoever computes goes on for so long at least. */
const leastMs = 2;

/** What the tasks of a job have computed in this thread, of those that are not over. */
interface Share {
  usedMs: number;
  tasks: number;
}

/** A task among those that compute in turn. */
export interface ComputingTask {
  readonly job: object;
  /** Those that began earlier have lower numbers. */
  readonly order: number;
}

interface Waiting {
  task: ComputingTask;
  begin: () => void;
}

/**
 * Lets one task of a thread compute at a time. Jobs get equal time, so that a small one does not wait for the tasks of a large one; of the tasks of a job that
 * have what they need, the one that began first is next, so that what was begun is finished, its block can be sent, and its memory is given back, before
 * others take more.
 */
export class ComputeTurns {
  readonly #now: () => number;
  readonly #shares = new Map<object, Share>();
  readonly #waiting: Waiting[] = [];
  #begun = 0;
  #current: { task: ComputingTask; sinceMs: number } | undefined;

  /** @param now a clock, milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** A place for a task that begins, of a job, behind those of that job that have begun; to be given up with `leave`. */
  enter(job: object): ComputingTask {
    let share = this.#shares.get(job);
    if (share === undefined) {
      const least = Math.min(...[...this.#shares.values()].map(({ usedMs }) => usedMs));
      share = { usedMs: Number.isFinite(least) ? Math.max(0, least - creditMs) : 0, tasks: 0 };
      this.#shares.set(job, share);
    }
    share.tasks++;
    return { job, order: this.#begun++ };
  }

  /** The task is over. */
  leave({ job }: ComputingTask): void {
    const share = this.#shares.get(job) as Share;
    if (--share.tasks === 0) this.#shares.delete(job);
  }

  /** Resolves when it is the task's turn, which it must give back. */
  async take(task: ComputingTask): Promise<void> {
    if (this.#current === undefined) {
      this.#current = { task, sinceMs: this.#now() };
      return;
    }
    await new Promise<void>((begin) => this.#waiting.push({ task, begin }));
  }

  /** Whether a task whose turn it is should give it back and take it again: another job has had less. */
  get isOver(): boolean {
    if (this.#current === undefined || this.#waiting.length === 0) return false;
    const { task, sinceMs } = this.#current;
    const ms = this.#now() - sinceMs;
    if (ms < leastMs) return false;
    const used = this.#usedMs(task) + ms;
    return this.#waiting.some((other) => other.task.job !== task.job && this.#usedMs(other.task) < used);
  }

  give(): void {
    if (this.#current !== undefined) {
      const { task, sinceMs } = this.#current;
      const share = this.#shares.get(task.job);
      if (share !== undefined) share.usedMs += this.#now() - sinceMs;
    }
    this.#current = undefined;
    if (this.#waiting.length === 0) return;
    const next = this.#waiting.reduce((best, other) =>
      this.#isBefore(other.task, best.task) ? other : best,
    );
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#current = { task: next.task, sinceMs: this.#now() };
    next.begin();
  }

  #isBefore(a: ComputingTask, b: ComputingTask): boolean {
    const [usedA, usedB] = [this.#usedMs(a), this.#usedMs(b)];
    return a.job === b.job || usedA === usedB ? a.order < b.order : usedA < usedB;
  }

  #usedMs({ job }: ComputingTask): number {
    return this.#shares.get(job)?.usedMs ?? 0;
  }
}
