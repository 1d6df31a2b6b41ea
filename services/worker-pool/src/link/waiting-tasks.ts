import type { TaskRun } from '@hyperslab/proto/scheduler';

/** Tasks that wait for room: those of several jobs take turns, however many one of them has. */
export class WaitingTasks {
  /** How many wait. */
  size = 0;
  /** By job, in the order of whose turn is next. */
  readonly #jobs = new Map<string, TaskRun[]>();

  add(run: TaskRun): void {
    const runs = this.#jobs.get(run.jobId);
    if (runs === undefined) this.#jobs.set(run.jobId, [run]);
    else runs.push(run);
    this.size += run.count;
  }

  /** The run that is next, of those first ones of jobs that may be; undefined when none waits. */
  next(mayBe: (run: TaskRun) => boolean = () => true): TaskRun | undefined {
    for (const [run] of this.#jobs.values()) if (mayBe(run)) return run;
    return undefined;
  }

  /** The first tasks of a job, or of the one that is next, at most so many; it goes last. */
  take(most: number, jobId = this.next()?.jobId): TaskRun | undefined {
    const runs = jobId === undefined ? undefined : this.#jobs.get(jobId);
    const run = runs?.[0];
    if (runs === undefined || run === undefined) return undefined;
    const count = Math.min(most, run.count);
    if (count < run.count) runs[0] = { ...run, first: run.first + count, count: run.count - count };
    else runs.shift();
    this.#jobs.delete(run.jobId);
    if (runs.length > 0) this.#jobs.set(run.jobId, runs);
    this.size -= count;
    return { ...run, count };
  }

  /** Removes a job's tasks, or those of some of its stages, and answers them. */
  remove(jobId: string, stages?: readonly number[]): TaskRun[] {
    const runs = this.#jobs.get(jobId) ?? [];
    const removed = runs.filter(({ stage }) => stages === undefined || stages.includes(stage));
    const left = runs.filter((run) => !removed.includes(run));
    if (left.length > 0) this.#jobs.set(jobId, left);
    else this.#jobs.delete(jobId);
    for (const { count } of removed) this.size -= count;
    return removed;
  }

  /** Removes all, and answers them. */
  removeAll(): TaskRun[] {
    return [...this.#jobs.keys()].flatMap((jobId) => this.remove(jobId));
  }
}
