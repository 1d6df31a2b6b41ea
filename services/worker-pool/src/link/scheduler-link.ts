import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import type {
  SchedulerMessage,
  WorkerHello,
  WorkerLinkServiceClient,
  WorkerMessage,
  WorkerReport,
} from '@hyperslab/proto/scheduler';
import { backoffMs, MessageQueue, openDuplex } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { Report, RunningTasks } from './running-tasks.ts';

const retry = { firstMs: 100, longestMs: 2_000 };
/** Until the scheduler says how often. */
const firstReportMs = 1_000;

export interface SchedulerLinkOptions {
  scheduler: WorkerLinkServiceClient;
  tasks: RunningTasks;
  /** Who we are and what we hold, now. */
  hello: () => WorkerHello;
  /** How we are, now. */
  state: () => WorkerReport;
  log: Logger;
}

/** The connection to the scheduler: dialled again for as long as this worker lives. */
export class SchedulerLink {
  readonly #options: SchedulerLinkOptions;
  readonly #closed = new AbortController();
  #outgoing: MessageQueue<WorkerMessage> | undefined;
  #welcome = false;
  #running: Promise<void> | undefined;

  constructor(options: SchedulerLinkOptions) {
    this.#options = options;
  }

  /** Whether the scheduler knows us. */
  get connected(): boolean {
    return this.#welcome;
  }

  start(): void {
    this.#running = this.#connectForever();
  }

  /** Tells the scheduler; lost without a connection, and then it has counted the task as lost already. */
  say(message: Report): void {
    this.#outgoing?.push({ message });
  }

  /** Says what is left to say and hangs up. */
  async close(): Promise<void> {
    this.#outgoing?.end();
    await Promise.race([this.#running, sleep(1_000)]);
    this.#closed.abort();
    await this.#running;
  }

  async #connectForever(): Promise<void> {
    const { signal } = this.#closed;
    const { log, tasks } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.#connectOnce(signal);
        log.info('the scheduler hung up');
      } catch (error) {
        if (!signal.aborted && attempt === 1)
          log.warn({ err: asHyperslabError(error) }, 'no scheduler; trying again');
      }
      if (this.#welcome) attempt = 1;
      const drained = this.#outgoing?.ended ?? false;
      this.#welcome = false;
      this.#outgoing = undefined;
      tasks.dropWaiting();
      if (drained) return;
      await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined);
    }
  }

  async #connectOnce(signal: AbortSignal): Promise<void> {
    const { scheduler, hello, state } = this.#options;
    const outgoing = new MessageQueue<WorkerMessage>();
    this.#outgoing = outgoing;
    outgoing.push({ message: { $case: 'hello', value: hello() } });
    const report = () => outgoing.push({ message: { $case: 'report', value: state() } });
    let timer = setInterval(report, firstReportMs);
    try {
      for await (const { message } of openDuplex(scheduler, 'connect', outgoing, { signal })) {
        if (message?.$case === 'welcome') {
          this.#welcome = true;
          clearInterval(timer);
          timer = setInterval(report, Math.max(50, message.value.reportIntervalMs));
          report();
        } else this.#obey(message);
      }
    } finally {
      clearInterval(timer);
    }
  }

  #obey(message: SchedulerMessage['message']): void {
    const { tasks } = this.#options;
    if (message?.$case === 'plan') tasks.plan(message.value);
    else if (message?.$case === 'run') tasks.run(message.value.tasks);
    else if (message?.$case === 'forget') tasks.forget(message.value.jobId, message.value.stages);
  }
}
