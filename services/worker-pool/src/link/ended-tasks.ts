import type { RunDone, TaskId, TaskRun, TasksEnded } from '@hyperslab/proto/scheduler';

/** Under load so much time passes between two messages; what ends after a pause is said at once. */
const intervalMs = 2;
const microseconds = 1000;

interface DoneTask {
  id: TaskId;
  bytes: number;
  runMs: number;
}

/** Gathers what ends within a few milliseconds into one message. */
export class EndedTasks {
  readonly #send: (ended: TasksEnded) => void;
  #done: DoneTask[] = [];
  #returned: TaskId[] = [];
  #sentMs = 0;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;

  constructor(send: (ended: TasksEnded) => void) {
    this.#send = send;
  }

  /** A task is done; it ran for so long. */
  done(id: TaskId, bytes: number, runMs: number): void {
    this.#done.push({ id, bytes, runMs });
    this.#schedule();
  }

  /** A task is not done, through no fault of its own. */
  returned(id: TaskId): void {
    this.#returned.push(id);
    this.#schedule();
  }

  /** Says what there is to say. */
  flush(): void {
    const [done, returned] = [this.#done, this.#returned];
    this.clear();
    if (done.length + returned.length === 0) return;
    this.#sentMs = performance.now();
    this.#send({ done: runsDone(done), returned: runsOf(returned) });
  }

  /** Forgets what was not said: the scheduler does not count on it any more. */
  clear(): void {
    this.#done = [];
    this.#returned = [];
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
    this.#soon = undefined;
    this.#later = undefined;
  }

  #schedule(): void {
    if (this.#soon !== undefined || this.#later !== undefined) return;
    const leftMs = intervalMs - (performance.now() - this.#sentMs);
    if (leftMs > 0) this.#later = setTimeout(() => this.flush(), leftMs);
    else this.#soon = setImmediate(() => this.flush());
  }
}

function runsDone(tasks: DoneTask[]): RunDone[] {
  const runs: (RunDone & { run: TaskRun })[] = [];
  for (const { id, bytes, runMs } of tasks.sort((a, b) => inOrder(a.id, b.id))) {
    const last = runs.at(-1);
    const runUs = runMs * microseconds;
    if (last !== undefined && follows(last.run, id)) {
      last.run.count++;
      last.sizes.push(bytes);
      last.runUs += runUs;
    } else runs.push({ run: runFrom(id), sizes: [bytes], runUs });
  }
  return runs.map(({ run, sizes, runUs }) => {
    const alike = sizes.every((size) => size === sizes[0]);
    return { run, sizes: alike ? sizes.slice(0, 1) : sizes, runUs: Math.round(runUs) };
  });
}

function runsOf(ids: TaskId[]): TaskRun[] {
  const runs: TaskRun[] = [];
  for (const id of ids.sort(inOrder)) {
    const last = runs.at(-1);
    if (last !== undefined && follows(last, id)) last.count++;
    else runs.push(runFrom(id));
  }
  return runs;
}

function runFrom({ jobId, stage, task, attempt, listing }: TaskId): TaskRun {
  return { jobId, stage, first: task, count: 1, attempt, listing };
}

function follows({ jobId, stage, first, count, attempt, listing }: TaskRun, id: TaskId): boolean {
  const alike = id.jobId === jobId && id.stage === stage && id.attempt === attempt && id.listing === listing;
  return alike && id.task === first + count;
}

function inOrder(a: TaskId, b: TaskId): number {
  if (a.jobId !== b.jobId) return a.jobId < b.jobId ? -1 : 1;
  return a.stage - b.stage || a.attempt - b.attempt || a.task - b.task;
}
