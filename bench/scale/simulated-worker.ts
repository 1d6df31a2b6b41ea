import { credentials } from '@grpc/grpc-js';
import {
  type SchedulerMessage,
  type TaskRun,
  WorkerHello,
  WorkerLinkServiceClient,
  type WorkerMessage,
  WorkerReport,
} from '@hyperslab/proto/scheduler';
import { protocolVersions } from '@hyperslab/rpc';

const slots = 4;
const blockBytes = 8 * 2 ** 20;
const reportIntervalMs = 1_000;
/** It is a process of its own: it shares no connection with others. */
const channelOptions = { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_channelz': 0 };

/** What all simulated workers of a process have seen. */
export interface Seen {
  tasks: number;
  /** From each report of tasks to the next RunTasks of the same worker, milliseconds. */
  latenciesMs: number[];
}

/** Speaks the scheduler's protocol as a worker does, and takes for each task the time that it is told to. */
export class SimulatedWorker {
  readonly welcome: Promise<void>;
  /** Mean time that a task takes, milliseconds; 0 for none at all. */
  taskMs = 0;
  readonly #client: WorkerLinkServiceClient;
  readonly #call: ReturnType<WorkerLinkServiceClient['connect']>;
  readonly #seen: Seen;
  readonly #timer: NodeJS.Timeout;
  readonly #known = new Set<string>();
  #waiting: TaskRun[] = [];
  #running = 0;
  /** When reports were sent that no RunTasks followed yet. */
  #doneMs: number[] = [];
  #onDrained: (blocks: number) => void = () => undefined;

  constructor(id: string, scheduler: string, seen: Seen) {
    this.#seen = seen;
    this.#client = new WorkerLinkServiceClient(scheduler, credentials.createInsecure(), channelOptions);
    this.#call = this.#client.connect();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.welcome = promise;
    this.#call.on('data', ({ message }: SchedulerMessage) => {
      if (message?.$case === 'welcome') resolve();
      else this.#obey(message);
    });
    this.#call.on('error', () => undefined);
    const { newest: protocolVersion } = protocolVersions;
    const hello = { workerId: id, address: `${id}:1`, slots, protocolVersion, kernelVersion: '1' };
    this.#say({ $case: 'hello', value: WorkerHello.fromPartial(hello) });
    const report = WorkerReport.fromPartial({ memoryLimit: 2 ** 31, rss: 2 ** 28 });
    this.#timer = setInterval(() => this.#say({ $case: 'report', value: report }), reportIntervalMs);
  }

  /** Says that it is about to go; resolves with the number of blocks that others have taken over. */
  drain(): Promise<number> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      this.#say({ $case: 'draining', value: {} });
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#call.cancel();
    this.#client.close();
  }

  #say(message: NonNullable<WorkerMessage['message']>): void {
    this.#call.write({ message });
  }

  #obey(message: SchedulerMessage['message']): void {
    if (message?.$case === 'plan') this.#known.add(message.value.jobId);
    else if (message?.$case === 'forget' && message.value.stages.length === 0) {
      this.#known.delete(message.value.jobId);
      this.#waiting = this.#waiting.filter(({ jobId }) => this.#known.has(jobId));
    } else if (message?.$case === 'run') {
      const since = this.#doneMs.shift();
      if (since !== undefined) this.#seen.latenciesMs.push(performance.now() - since);
      this.#waiting.push(...message.value.runs);
      this.#startWaiting();
    } else if (message?.$case === 'take') {
      const { from, jobId, stage, tasks } = message.value;
      const blocks = { jobId, stage, tasks, sizes: tasks.map(() => blockBytes), fingerprint: '' };
      this.#say({ $case: 'taken', value: { from, blocks } });
    } else if (message?.$case === 'drained') this.#onDrained(message.value.handedOver);
  }

  #startWaiting(): void {
    if (this.taskMs === 0) {
      const runs = this.#waiting.splice(0);
      if (runs.length > 0) setImmediate(() => this.#done(runs));
      return;
    }
    while (this.#running < slots) {
      const next = this.#waiting[0];
      if (next === undefined) return;
      const run = { ...next, count: 1 };
      next.first++;
      if (--next.count === 0) this.#waiting.shift();
      this.#running++;
      // Without the spread all would be done at once, again and again.
      setTimeout(() => this.#ended(run), this.taskMs * (0.5 + Math.random()));
    }
  }

  #ended(run: TaskRun): void {
    this.#running--;
    this.#done([run]);
    this.#startWaiting();
  }

  #done(runs: TaskRun[]): void {
    const known = runs.filter(({ jobId }) => this.#known.has(jobId));
    if (known.length === 0) return;
    for (const { count } of known) this.#seen.tasks += count;
    this.#doneMs.push(performance.now());
    const done = known.map((run) => ({
      run,
      sizes: [blockBytes],
      runUs: Math.round(this.taskMs * 1000 * run.count),
    }));
    this.#say({ $case: 'ended', value: { done, returned: [] } });
  }
}
