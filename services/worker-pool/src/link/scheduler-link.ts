import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type {
  SchedulerMessage,
  TaskId,
  TaskRun,
  WorkerDrained,
  WorkerHello,
  WorkerLinkServiceClient,
  WorkerMessage,
  WorkerReport,
} from '@hyperslab/proto/scheduler';
import {
  backoffMs,
  handsOverSince,
  jobError,
  MessageQueue,
  openDuplex,
  protocolVersions,
  runsSince,
} from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { BlockTaker } from '../blocks/block-taker.ts';
import { EndedTasks } from './ended-tasks.ts';
import type { Report, RunningTasks, TaskLink } from './running-tasks.ts';

const retry = { firstMs: 100, longestMs: 2_000 };
/** Until the scheduler says how often. */
const firstReportMs = 1_000;
/** While this worker drains, a scheduler that went away is waited for so long: it may be another one that leads now. */
const awayShare = 0.3;
const longestAwayMs = 15_000;

export interface SchedulerLinkOptions {
  scheduler: WorkerLinkServiceClient;
  tasks: RunningTasks;
  taker: BlockTaker;
  /** Who we are and what we hold, now, in this version of the protocol. */
  hello: (protocolVersion: number) => WorkerHello;
  /** How we are, now. */
  state: () => WorkerReport;
  log: Logger;
}

/** The connection to the scheduler: dialled again for as long as this worker lives. */
export class SchedulerLink implements TaskLink {
  readonly #options: SchedulerLinkOptions;
  readonly #closed = new AbortController();
  readonly #ended = new EndedTasks((value) => this.#push({ $case: 'ended', value }));
  #outgoing: MessageQueue<WorkerMessage> | undefined;
  #welcome = false;
  /** Version of the protocol that the next hello offers: an older one after a refusal. */
  #offered = protocolVersions.newest;
  /** Set while this worker drains. */
  #drain: { done: (drained?: WorkerDrained) => void; awayMs: number } | undefined;
  #awayTimer: NodeJS.Timeout | undefined;
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
    // What is said of blocks and tasks is said in the order in which it happened.
    this.#ended.flush();
    this.#push(message);
  }

  failed(report: Extract<Report, { $case: 'failed' }>): void {
    this.say(report);
  }

  done(task: TaskId, bytes: number, objects: number, runMs: number): void {
    if (this.#speaksRuns && objects === 0) this.#ended.done(task, bytes, runMs);
    else this.say({ $case: 'done', value: { task, bytes, objects, runMs: Math.round(runMs) } });
  }

  returned(task: TaskId): void {
    if (this.#speaksRuns) this.#ended.returned(task);
    else {
      const error = jobError(new HyperslabError('CANCELLED', 'this worker is about to go'));
      this.say({ $case: 'failed', value: { task, error, retryable: true, runMs: 0 } });
    }
  }

  get #speaksRuns(): boolean {
    return this.#offered >= runsSince;
  }

  #push(message: Report): void {
    this.#outgoing?.push({ message });
  }

  /**
   * Says that this worker is about to go and waits for the word that it may, for at most so long; undefined when that
   * does not come. A scheduler that knows of no such word, or that is gone, is not waited for.
   */
  async drain(graceMs: number): Promise<WorkerDrained | undefined> {
    const { promise, resolve } = Promise.withResolvers<WorkerDrained | undefined>();
    const timer = setTimeout(() => resolve(undefined), graceMs);
    this.#drain = { done: resolve, awayMs: Math.min(graceMs * awayShare, longestAwayMs) };
    if (this.#welcome) this.#sayDraining();
    else this.#waitForScheduler();
    const drained = await promise;
    clearTimeout(timer);
    clearTimeout(this.#awayTimer);
    this.#drain = undefined;
    return drained;
  }

  #sayDraining(): void {
    this.say({ $case: 'draining', value: {} });
    if (this.#offered < handsOverSince) this.#drain?.done();
  }

  #waitForScheduler(): void {
    if (this.#drain === undefined) return;
    clearTimeout(this.#awayTimer);
    this.#awayTimer = setTimeout(this.#drain.done, this.#drain.awayMs);
  }

  /** Says what is left to say and hangs up. */
  async close(): Promise<void> {
    this.#ended.flush();
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
        if (!this.#welcome && isHyperslabError(error, 'INVALID_ARGUMENT')) this.#offerOther();
      }
      if (this.#welcome) {
        attempt = 1;
        this.#offered = protocolVersions.newest;
        this.#waitForScheduler();
      }
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
    this.#ended.clear();
    outgoing.push({ message: { $case: 'hello', value: hello(this.#offered) } });
    const report = () => outgoing.push({ message: { $case: 'report', value: state() } });
    let timer = setInterval(report, firstReportMs);
    try {
      for await (const { message } of openDuplex(scheduler, 'connect', outgoing, { signal })) {
        if (message?.$case === 'welcome') {
          this.#welcome = true;
          // Schedulers that speak only version 1 refuse any other, and don't say so.
          if (message.value.protocolVersion === 0) this.#offered = protocolVersions.oldest;
          clearTimeout(this.#awayTimer);
          clearInterval(timer);
          timer = setInterval(report, Math.max(50, message.value.reportIntervalMs));
          report();
          if (this.#drain !== undefined) this.#sayDraining();
        } else this.#obey(message);
      }
    } finally {
      clearInterval(timer);
    }
  }

  /** A scheduler from before an upgrade refuses what is newer than it. */
  #offerOther(): void {
    const { oldest, newest } = protocolVersions;
    this.#offered = this.#offered > oldest ? this.#offered - 1 : newest;
  }

  #obey(message: SchedulerMessage['message']): void {
    const { tasks, taker } = this.#options;
    if (message?.$case === 'plan') tasks.plan(message.value);
    else if (message?.$case === 'run') tasks.run([...message.value.runs, ...message.value.tasks.map(runOf)]);
    else if (message?.$case === 'take') taker.take(message.value);
    else if (message?.$case === 'drained') this.#drain?.done(message.value);
    else if (message?.$case === 'forget') {
      taker.forget(message.value.jobId, message.value.stages);
      tasks.forget(message.value.jobId, message.value.stages);
    }
  }
}

/** A task that came by itself, from a scheduler that knows no runs. */
function runOf({ jobId, stage, task, attempt, listing }: TaskId): TaskRun {
  return { jobId, stage, first: task, count: 1, attempt, listing };
}
