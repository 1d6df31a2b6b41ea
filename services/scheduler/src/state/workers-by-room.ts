import { roomOf } from './open-workers.ts';
import type { WorkerRun } from './scheduler-state.ts';

/** Workers in the order of their room, in steps of one slot. */
export class WorkersByRoom {
  readonly #mayWait: boolean;
  /** At [n], those with room for n to n + 1 slots' worth of tasks. */
  readonly #steps: Set<WorkerRun>[] = [];

  constructor(workers: Iterable<WorkerRun>, mayWait: boolean) {
    this.#mayWait = mayWait;
    for (const worker of workers) this.add(worker);
  }

  /** Enters a worker behind those that have as much room; not when it has none. */
  add(worker: WorkerRun): void {
    const room = Math.ceil(roomOf(worker, this.#mayWait));
    while (this.#steps.length < room) this.#steps.push(new Set());
    if (room > 0) this.#steps[room - 1].add(worker);
  }

  /** Removes the worker with most room, and of several the one that waits longest. */
  take(): WorkerRun | undefined {
    while (this.#steps.at(-1)?.size === 0) this.#steps.pop();
    const step = this.#steps.at(-1);
    const [worker] = step ?? [];
    if (worker !== undefined) step?.delete(worker);
    return worker;
  }
}
