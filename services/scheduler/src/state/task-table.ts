import { PagedColumn } from './paged-column.ts';

/**
 * Where a task stands.
 * - waiting: nobody works on it and its block is wanted
 * - running: a worker has it
 * - held: done, and a worker holds its block
 * - freed: nobody needs its block, which was given back, or lost, or not made
 */
export const taskStates = { waiting: 0, running: 1, held: 2, freed: 3 } as const;
export type TaskState = (typeof taskStates)[keyof typeof taskStates];

const nobody = -1;
/** Sets the tries of a table apart from those of the one that it replaces. */
const attemptsApart = 256;
/** No block counts as more bytes: columns have 32 bits for them. */
const mostBytes = 2 ** 32 - 1;

/** A mark is a task's state, whether it was ever tried, and its worker: two bits, one, and 29. */
const stateBits = 3;
const triedBit = 4;
const workerShift = 3;

/** Consecutive tasks in the same try. */
export interface TakenRun {
  first: number;
  count: number;
  attempt: number;
}

/**
 * The tasks of one stage, as columns: four bytes a task, four more where blocks are of different sizes, and three for what
 * was tried again; none when all blocks were given back. Waiting tasks are those from the cursor on, and the few that were returned to before it.
 */
export class TaskTable {
  readonly count: number;
  /** How many tasks are in each state, by its number. */
  readonly counts: [waiting: number, running: number, held: number, freed: number];
  /** Bytes of the blocks that are held. */
  heldBytes = 0;
  /** The highest number of a try so far. */
  highestAttempt: number;
  /** Absent when all tasks are freed. */
  #marks: Uint32Array | undefined;
  /** Number that the try before the first has. */
  #untried: number;
  /** Tries after the first. */
  #retries: PagedColumn;
  /** Failures in the lower half of each byte, losses in the upper. */
  #failures: PagedColumn;
  /** Of blocks that are held. */
  #bytes: PagedColumn;
  #cursor = 0;
  /** May name tasks that do not wait any more: takeRun() skips them. */
  #returned: number[] = [];

  /** No try of it has the number of a try of `replaced`, whose reports may still arrive. */
  constructor(count: number, replaced?: TaskTable) {
    const tried = replaced?.highestAttempt ?? 0;
    this.count = count;
    this.counts = [count, 0, 0, 0];
    this.#untried = tried === 0 ? 0 : tried + attemptsApart;
    this.highestAttempt = this.#untried;
    this.#marks = new Uint32Array(count);
    this.#retries = new PagedColumn(count, Uint16Array, 0);
    this.#failures = new PagedColumn(count, Uint8Array, 0);
    this.#bytes = new PagedColumn(count, Uint32Array, undefined);
  }

  /** Every task is done, whether or not its block is still there. */
  get complete(): boolean {
    return this.counts[taskStates.waiting] === 0 && this.counts[taskStates.running] === 0;
  }

  stateOf(task: number): TaskState {
    return (this.#markOf(task) & stateBits) as TaskState;
  }

  /** Ordinal of the worker that runs it, holds it, or failed at it last; -1 for none. */
  workerOf(task: number): number {
    return (this.#markOf(task) >>> workerShift) - 1;
  }

  /** Number of the latest try, from 1; 0 before the first. */
  attemptOf(task: number): number {
    return this.#untried + (this.#isTried(task) ? 1 + this.#retries.get(task) : 0);
  }

  /** How often the task failed, by its own fault. */
  failuresOf(task: number): number {
    return this.#failures.get(task) & 15;
  }

  /** How often the worker that ran it, or the block that it made, was lost. */
  lossesOf(task: number): number {
    return this.#failures.get(task) >> 4;
  }

  /** Bytes of its block; 0 when none is held. */
  bytesOf(task: number): number {
    return this.stateOf(task) === taskStates.held ? this.#bytes.get(task) : 0;
  }

  /** Tasks before the cursor that wait again. */
  returnedTasks(): number[] {
    return this.#returned.filter((task) => this.stateOf(task) === taskStates.waiting);
  }

  /** True for a waiting task that takeRun() will come to. */
  isReachable(task: number): boolean {
    return task >= this.#cursor || this.#returned.includes(task);
  }

  /**
   * The next waiting tasks, now running on `worker`: at most `most` (1 or more) that follow each other and are in the same
   * try; undefined when there is none for it. A task that failed on this worker is left to others unless `evenAfterFailure`.
   */
  takeRun(worker: number, evenAfterFailure: boolean, most: number): TakenRun | undefined {
    const returned = this.#nextReturned(worker, evenAfterFailure);
    if (returned !== undefined) return this.#takeReturned(returned, worker, evenAfterFailure, most);
    const isLeft = (task: number) => !evenAfterFailure && this.#hasFailedOn(task, worker);
    const first = this.#nextAtCursor(isLeft);
    if (first === undefined) return undefined;
    const attempt = this.#try(first, worker);
    let count = 1;
    while (count < most && this.#isNext(this.#cursor, attempt) && !isLeft(this.#cursor)) {
      this.#try(this.#cursor++, worker);
      count++;
    }
    return { first, count, attempt };
  }

  /** A waiting task runs on `worker`; undefined when it does not wait, or has failed. */
  takeTask(task: number, worker: number): TakenRun | undefined {
    if (this.stateOf(task) !== taskStates.waiting || this.#failures.get(task) > 0) return undefined;
    return { first: task, count: 1, attempt: this.#try(task, worker) };
  }

  /** A running task is done; its block is held by the worker that ran it. */
  finish(task: number, bytes: number): void {
    this.#hold(task, this.workerOf(task), bytes);
  }

  /** The block of a waiting task turns out to be there already. */
  adopt(task: number, worker: number, bytes: number): void {
    this.#hold(task, worker, bytes);
  }

  /** Another worker holds a held block now. */
  handOver(task: number, worker: number): void {
    this.#mark(task, taskStates.held, worker);
  }

  /** A running task waits again: it failed, its worker was lost, or it is not to blame. */
  returnTask(task: number, why: 'failed' | 'lost' | 'excused'): void {
    if (why === 'failed') this.#countFailure(task);
    else if (why === 'lost') this.#countLoss(task);
    this.#move(task, taskStates.waiting, why === 'excused' ? nobody : this.workerOf(task));
    this.#offer(task);
  }

  /** A held block is gone; `counted` when that was not because its worker is. */
  lose(task: number, counted: boolean): void {
    if (counted) this.#countLoss(task);
    this.#drop(task);
  }

  /** Nobody needs its blocks: those that are held are given back, and the others are not made. */
  free(): void {
    this.counts.fill(0);
    this.counts[taskStates.freed] = this.count;
    this.heldBytes = 0;
    this.#forgetRows();
  }

  /** Blocks that nobody needed are needed once more: their tasks wait again. */
  requireFreed(): void {
    if (this.counts[taskStates.freed] === 0) return;
    for (let task = 0; task < this.count; task++) {
      if (this.stateOf(task) !== taskStates.freed) continue;
      this.#move(task, taskStates.waiting, nobody);
      this.#offer(task);
    }
  }

  /** Calls with each task that `worker` runs or holds. */
  forEachOf(worker: number, visit: (task: number, state: TaskState) => void): void {
    if (this.#marks === undefined) return;
    for (let task = 0; task < this.count; task++) {
      if (this.workerOf(task) !== worker) continue;
      const state = this.stateOf(task);
      if (state === taskStates.running || state === taskStates.held) visit(task, state);
    }
  }

  #countFailure(task: number): void {
    if (this.failuresOf(task) < 15) this.#failures.set(task, this.#failures.get(task) + 1);
  }

  #countLoss(task: number): void {
    if (this.lossesOf(task) < 15) this.#failures.set(task, this.#failures.get(task) + 16);
  }

  #nextReturned(worker: number, evenAfterFailure: boolean): number | undefined {
    for (let at = this.#returned.length - 1; at >= 0; at--) {
      const task = this.#returned[at];
      if (this.stateOf(task) !== taskStates.waiting) {
        this.#returned.splice(at, 1);
        continue;
      }
      if (!evenAfterFailure && this.#hasFailedOn(task, worker)) continue;
      this.#returned.splice(at, 1);
      return task;
    }
    return undefined;
  }

  #hasFailedOn(task: number, worker: number): boolean {
    return this.#failures.get(task) > 0 && this.workerOf(task) === worker;
  }

  /** Tasks are returned in their order, and come back in the reverse of it. */
  #takeReturned(last: number, worker: number, evenAfterFailure: boolean, most: number): TakenRun {
    const attempt = this.#try(last, worker);
    let first = last;
    while (
      last - first + 1 < most &&
      this.#returned.at(-1) === first - 1 &&
      this.#isNext(first - 1, attempt)
    ) {
      if (!evenAfterFailure && this.#hasFailedOn(first - 1, worker)) break;
      this.#returned.pop();
      first--;
      this.#try(first, worker);
    }
    return { first, count: last - first + 1, attempt };
  }

  /** Tasks that were taken ahead of the cursor may have failed: those that are left to others count as returned from here on. */
  #nextAtCursor(isLeft: (task: number) => boolean): number | undefined {
    while (this.#cursor < this.count) {
      const task = this.#cursor++;
      if (this.stateOf(task) !== taskStates.waiting) continue;
      if (!isLeft(task)) return task;
      this.#offer(task);
    }
    return undefined;
  }

  /** Whether a task waits and its next try is this one. */
  #isNext(task: number, attempt: number): boolean {
    return (
      task < this.count && this.stateOf(task) === taskStates.waiting && this.attemptOf(task) + 1 === attempt
    );
  }

  /** A waiting task runs; answers the number of the try. */
  #try(task: number, worker: number): number {
    if (this.#isTried(task)) this.#retries.set(task, this.#retries.get(task) + 1);
    this.#move(task, taskStates.running, worker, triedBit);
    const attempt = this.attemptOf(task);
    if (attempt > this.highestAttempt) this.highestAttempt = attempt;
    return attempt;
  }

  #offer(task: number): void {
    if (task < this.#cursor) this.#returned.push(task);
  }

  #hold(task: number, worker: number, bytes: number): void {
    const counted = Math.min(bytes, mostBytes);
    this.#move(task, taskStates.held, worker);
    this.#bytes.set(task, counted);
    this.heldBytes += counted;
  }

  #drop(task: number): void {
    this.heldBytes -= this.bytesOf(task);
    this.#move(task, taskStates.freed, nobody);
  }

  #move(task: number, state: TaskState, worker: number, tried = 0): void {
    this.counts[this.stateOf(task)]--;
    this.counts[state]++;
    this.#mark(task, state, worker, tried);
  }

  #isTried(task: number): boolean {
    return (this.#markOf(task) & triedBit) !== 0;
  }

  #markOf(task: number): number {
    return this.#marks === undefined ? taskStates.freed : this.#marks[task];
  }

  #mark(task: number, state: TaskState, worker: number, tried = 0): void {
    this.#marks ??= new Uint32Array(this.count).fill(taskStates.freed);
    this.#marks[task] = ((worker + 1) << workerShift) | (this.#marks[task] & triedBit) | tried | state;
  }

  /** No block is needed, perhaps never again: if they are made again, then from the first task on. */
  #forgetRows(): void {
    this.#marks = undefined;
    this.#untried = this.highestAttempt;
    this.#retries = new PagedColumn(this.count, Uint16Array, 0);
    this.#failures = new PagedColumn(this.count, Uint8Array, 0);
    this.#bytes = new PagedColumn(this.count, Uint32Array, undefined);
    this.#cursor = 0;
    this.#returned = [];
  }
}
