/**
 * Where a task stands.
 * - waiting: nobody works on it and its block is wanted
 * - running: a worker has it
 * - held: done, and a worker holds its block
 * - freed: done, and its block was given back or lost while nobody needed it
 */
export const taskStates = { waiting: 0, running: 1, held: 2, freed: 3 } as const;
export type TaskState = (typeof taskStates)[keyof typeof taskStates];

const nobody = -1;
/** Sets the tries of a table apart from those of the one that it replaces. */
const attemptsApart = 256;

/**
 * The tasks of one stage, as columns: 16 bytes a task and no object. Waiting tasks are those from the cursor on, and
 * the few that were returned to before it.
 */
export class TaskTable {
  readonly count: number;
  /** How many tasks are in each state, by its number. */
  readonly counts: [waiting: number, running: number, held: number, freed: number];
  /** Bytes of the blocks that are held. */
  heldBytes = 0;
  readonly #states: Uint8Array;
  readonly #workers: Int32Array;
  readonly #attempts: Uint16Array;
  /** Failures in the lower half of each byte, losses in the upper. */
  readonly #failures: Uint8Array;
  readonly #bytes: Float64Array;
  #cursor = 0;
  /** May name tasks that do not wait any more: take() skips them. */
  readonly #returned: number[] = [];

  /** No try of it has the number of a try of `replaced`, whose reports may still arrive. */
  constructor(count: number, replaced?: TaskTable) {
    const tried = replaced?.highestAttempt ?? 0;
    const firstAttempt = tried === 0 ? 0 : tried + attemptsApart;
    this.count = count;
    this.counts = [count, 0, 0, 0];
    this.#states = new Uint8Array(count);
    this.#workers = new Int32Array(count).fill(nobody);
    this.#attempts = new Uint16Array(count).fill(firstAttempt);
    this.#failures = new Uint8Array(count);
    this.#bytes = new Float64Array(count);
  }

  /** Every task is done, whether or not its block is still there. */
  get complete(): boolean {
    return this.counts[taskStates.waiting] === 0 && this.counts[taskStates.running] === 0;
  }

  stateOf(task: number): TaskState {
    return this.#states[task] as TaskState;
  }

  /** Ordinal of the worker that runs it, holds it, or failed at it last; -1 for none. */
  workerOf(task: number): number {
    return this.#workers[task];
  }

  /** Number of the latest try, from 1; 0 before the first. */
  attemptOf(task: number): number {
    return this.#attempts[task];
  }

  /** The highest number of a try so far. */
  get highestAttempt(): number {
    return this.#attempts.reduce((highest, attempt) => Math.max(highest, attempt), 0);
  }

  /** How often the task failed, by its own fault. */
  failuresOf(task: number): number {
    return this.#failures[task] & 15;
  }

  /** How often the worker that ran it, or the block that it made, was lost. */
  lossesOf(task: number): number {
    return this.#failures[task] >> 4;
  }

  bytesOf(task: number): number {
    return this.#bytes[task];
  }

  /** Tasks before the cursor that wait again. */
  returnedTasks(): number[] {
    return this.#returned.filter((task) => this.#states[task] === taskStates.waiting);
  }

  /** True for a waiting task that take() will come to. */
  isReachable(task: number): boolean {
    return task >= this.#cursor || this.#returned.includes(task);
  }

  /**
   * The next waiting task, now running on `worker`; undefined when there is none for it. A task that failed on this
   * worker is left to others unless `evenAfterFailure`.
   */
  take(worker: number, evenAfterFailure: boolean): number | undefined {
    const task = this.#nextReturned(worker, evenAfterFailure) ?? this.#nextAtCursor();
    if (task === undefined) return undefined;
    this.#move(task, taskStates.running, worker);
    this.#attempts[task]++;
    return task;
  }

  /** A running task is done; its block is held by the worker that ran it. */
  finish(task: number, bytes: number): void {
    this.#hold(task, this.#workers[task], bytes);
  }

  /** The block of a waiting task turns out to be there already. */
  adopt(task: number, worker: number, bytes: number): void {
    this.#hold(task, worker, bytes);
  }

  /** Another worker holds a held block now. */
  handOver(task: number, worker: number): void {
    this.#workers[task] = worker;
  }

  /** A running task waits again: it failed, its worker was lost, or it is not to blame. */
  returnTask(task: number, why: 'failed' | 'lost' | 'excused'): void {
    if (why === 'failed') this.#countFailure(task);
    else if (why === 'lost') this.#countLoss(task);
    this.#move(task, taskStates.waiting, why === 'excused' ? nobody : this.#workers[task]);
    this.#offer(task);
  }

  /** A held block is gone; `counted` when that was not because its worker is. */
  lose(task: number, counted: boolean): void {
    if (counted) this.#countLoss(task);
    this.#drop(task);
  }

  /** All held blocks were given back. */
  free(): void {
    if (this.counts[taskStates.held] === 0) return;
    for (let task = 0; task < this.count; task++) {
      if (this.#states[task] === taskStates.held) this.#drop(task);
    }
  }

  /** Blocks that were given back are needed once more: their tasks wait again. */
  requireFreed(): void {
    if (this.counts[taskStates.freed] === 0) return;
    for (let task = 0; task < this.count; task++) {
      if (this.#states[task] !== taskStates.freed) continue;
      this.#move(task, taskStates.waiting, nobody);
      this.#offer(task);
    }
  }

  /** Calls with each task that `worker` runs or holds. */
  forEachOf(worker: number, visit: (task: number, state: TaskState) => void): void {
    for (let task = 0; task < this.count; task++) {
      const state = this.#states[task];
      if (this.#workers[task] === worker && (state === taskStates.running || state === taskStates.held)) {
        visit(task, state as TaskState);
      }
    }
  }

  #countFailure(task: number): void {
    if (this.failuresOf(task) < 15) this.#failures[task] += 1;
  }

  #countLoss(task: number): void {
    if (this.lossesOf(task) < 15) this.#failures[task] += 16;
  }

  #nextReturned(worker: number, evenAfterFailure: boolean): number | undefined {
    for (let at = this.#returned.length - 1; at >= 0; at--) {
      const task = this.#returned[at];
      if (this.#states[task] !== taskStates.waiting) {
        this.#returned.splice(at, 1);
        continue;
      }
      if (!evenAfterFailure && this.#failures[task] > 0 && this.#workers[task] === worker) continue;
      this.#returned.splice(at, 1);
      return task;
    }
    return undefined;
  }

  #nextAtCursor(): number | undefined {
    while (this.#cursor < this.count && this.#states[this.#cursor] !== taskStates.waiting) this.#cursor++;
    return this.#cursor < this.count ? this.#cursor++ : undefined;
  }

  #offer(task: number): void {
    if (task < this.#cursor) this.#returned.push(task);
  }

  #hold(task: number, worker: number, bytes: number): void {
    this.#move(task, taskStates.held, worker);
    this.#bytes[task] = bytes;
    this.heldBytes += bytes;
  }

  #drop(task: number): void {
    this.heldBytes -= this.#bytes[task];
    this.#bytes[task] = 0;
    this.#move(task, taskStates.freed, nobody);
  }

  #move(task: number, state: TaskState, worker: number): void {
    this.counts[this.#states[task] as TaskState]--;
    this.counts[state]++;
    this.#states[task] = state;
    this.#workers[task] = worker;
  }
}
