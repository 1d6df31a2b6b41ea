import type { JobRun } from './scheduler-state.ts';

/** How many tasks a worker has, by job and stage: which these are is in the tables. What callers have in all is summed up beside. */
export class Account {
  /** All of them. */
  size = 0;
  readonly #jobs = new Map<JobRun, { tasks: number; byStage: Map<number, number> }>();
  readonly #callers: Map<string, number>;

  /** @param callers tasks that run anywhere, of each caller who has any, but for those of low jobs */
  constructor(callers: Map<string, number>) {
    this.#callers = callers;
  }

  /** How many slots they fill: many short tasks fill as much of one as a long one. */
  get load(): number {
    let load = 0;
    for (const [job, { tasks }] of this.#jobs) load += tasks * job.taskShare;
    return load;
  }

  of(job: JobRun, stage: number): number {
    return this.#jobs.get(job)?.byStage.get(stage) ?? 0;
  }

  add(job: JobRun, stage: number, count: number): void {
    const entry = this.#jobs.get(job) ?? { tasks: 0, byStage: new Map() };
    this.#jobs.set(job, entry);
    entry.tasks += count;
    entry.byStage.set(stage, (entry.byStage.get(stage) ?? 0) + count);
    this.size += count;
    if (job.priority !== 'low') this.#addToCaller(job.caller, count);
    if (entry.tasks === 0) this.#jobs.delete(job);
  }

  #addToCaller(caller: string, count: number): void {
    const all = (this.#callers.get(caller) ?? 0) + count;
    if (all === 0) this.#callers.delete(caller);
    else this.#callers.set(caller, all);
  }

  /** It has none of a stage any more. */
  drop(job: JobRun, stage: number): void {
    this.add(job, stage, -this.of(job, stage));
  }

  /** It has none at all any more. */
  dropAll(): void {
    for (const { job, stage } of [...this.entries()]) this.drop(job, stage);
  }

  /** Each job and stage of which it has tasks. */
  *entries(): Generator<{ job: JobRun; stage: number; count: number }> {
    for (const [job, { byStage }] of this.#jobs)
      for (const [stage, count] of byStage) if (count > 0) yield { job, stage, count };
  }
}
