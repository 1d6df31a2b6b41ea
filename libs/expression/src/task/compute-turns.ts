/** A new job counts as one that has had so much less than its part, milliseconds, so that it goes first. */
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
  /**
   * What a job has had by now that gets an equal part of the time whatever comes and goes: new ones begin from it. From what the others have had they could not,
   * for small ones that follow each other closely would each be before those that wait, for ever.
   */
  #evenMs = 0;
  /** Since when it computes, and up to when that is counted. */
  #current: { task: ComputingTask; sinceMs: number; countedMs: number } | undefined;

  /** @param now a clock, milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** A place for a task that begins, of a job, behind those of that job that have begun; to be given up with `leave`. */
  enter(job: object): ComputingTask {
    this.#count();
    let share = this.#shares.get(job);
    if (share === undefined) {
      share = { usedMs: this.#shares.size === 0 ? this.#evenMs : this.#evenMs - creditMs, tasks: 0 };
      this.#shares.set(job, share);
    }
    share.tasks++;
    return { job, order: this.#begun++ };
  }

  /** The task is over. */
  leave({ job }: ComputingTask): void {
    this.#count();
    const share = this.#shares.get(job) as Share;
    if (--share.tasks > 0) return;
    this.#shares.delete(job);
    // Who has the thread for itself is owed nothing.
    if (this.#shares.size === 1) for (const { usedMs } of this.#shares.values()) this.#evenMs = usedMs;
  }

  /** Resolves when it is the task's turn, which it must give back. */
  async take(task: ComputingTask): Promise<void> {
    if (this.#current === undefined) {
      this.#begin(task);
      return;
    }
    await new Promise<void>((begin) => this.#waiting.push({ task, begin }));
  }

  /** Whether a task whose turn it is should give it back and take it again: another job has had less. */
  get isOver(): boolean {
    if (this.#current === undefined || this.#waiting.length === 0) return false;
    if (this.#now() - this.#current.sinceMs < leastMs) return false;
    this.#count();
    const { task } = this.#current;
    const used = this.#usedMs(task);
    return this.#waiting.some((other) => other.task.job !== task.job && this.#usedMs(other.task) < used);
  }

  give(): void {
    this.#count();
    this.#current = undefined;
    if (this.#waiting.length === 0) return;
    const next = this.#waiting.reduce((best, other) =>
      this.#isBefore(other.task, best.task) ? other : best,
    );
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#begin(next.task);
    next.begin();
  }

  #begin(task: ComputingTask): void {
    const now = this.#now();
    this.#current = { task, sinceMs: now, countedMs: now };
  }

  /** Counts what was computed since that was last done. */
  #count(): void {
    if (this.#current === undefined) return;
    const now = this.#now();
    const ms = now - this.#current.countedMs;
    this.#current.countedMs = now;
    const share = this.#shares.get(this.#current.task.job);
    if (share !== undefined) share.usedMs += ms;
    this.#evenMs += ms / Math.max(1, this.#shares.size);
  }

  #isBefore(a: ComputingTask, b: ComputingTask): boolean {
    const [usedA, usedB] = [this.#usedMs(a), this.#usedMs(b)];
    return a.job === b.job || usedA === usedB ? a.order < b.order : usedA < usedB;
  }

  #usedMs({ job }: ComputingTask): number {
    return this.#shares.get(job)?.usedMs ?? 0;
  }
}
