import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import {
  type SchedulerMessage,
  WorkerHello,
  WorkerLinkServiceClient,
  type WorkerMessage,
} from '@hyperslab/proto/scheduler';
import {
  connect,
  MessageQueue,
  openDuplex,
  protocolVersions,
  type RunningServer,
  serve,
} from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { Journal } from '../../src/journal/journal.ts';
import { Scheduler } from '../../src/scheduler.ts';
import { workerLinkService } from '../../src/workers/worker-link-service.ts';
import { chain, definition, limits } from '../state/example-plans.ts';

const log = createLogger('scheduler', { level: 'silent' });
const backup = {
  position: async () => 0,
  append: async () => undefined,
  async *replay() {},
};

/** A worker that says what the test says and keeps what it hears. */
class Caller {
  readonly heard: SchedulerMessage['message'][] = [];
  readonly ended: Promise<unknown>;
  readonly #outgoing = new MessageQueue<WorkerMessage>();
  readonly #client: WorkerLinkServiceClient;

  constructor(address: string, workerId: string, protocolVersion: number) {
    this.#client = connect(WorkerLinkServiceClient, address, { caller: workerId });
    const hello = { workerId, address: `${workerId}:1`, slots: 2, protocolVersion, kernelVersion: '1' };
    this.say({ $case: 'hello', value: WorkerHello.fromPartial(hello) });
    this.ended = this.#listen();
  }

  say(message: NonNullable<WorkerMessage['message']>): void {
    this.#outgoing.push({ message });
  }

  async hears(what: string): Promise<void> {
    while (!this.heard.some((message) => message?.$case === what)) await sleep(20);
  }

  async close(): Promise<void> {
    this.#outgoing.end();
    await this.ended;
    this.#client.close();
  }

  async #listen(): Promise<unknown> {
    try {
      for await (const { message } of openDuplex(this.#client, 'connect', this.#outgoing, {}))
        this.heard.push(message);
    } catch (error) {
      return error;
    }
    return undefined;
  }
}

describe('versions of the protocol with workers', () => {
  async function withScheduler(act: (scheduler: Scheduler, server: RunningServer) => Promise<void>) {
    await withTemporaryDirectory(async (folder) => {
      const options = { rememberedJobs: 3, compactAfter: { events: 100, bytes: 2 ** 30 } };
      const never = new AbortController().signal;
      const journal = await Journal.open(join(folder, 'journal'), backup, log, never, options);
      const scheduler = new Scheduler(limits, journal, log);
      const services = [workerLinkService(scheduler)];
      const server = await serve({ service: 'scheduler', bind: '127.0.0.1', port: 0, services, log });
      try {
        await act(scheduler, server);
      } finally {
        scheduler.close();
        await server.stop(1000);
        await journal.close();
      }
    });
  }

  it('are taken within a range, and each worker is told which', () =>
    withScheduler(async (_, { address }) => {
      const { oldest, newest } = protocolVersions;
      for (let version = oldest; version <= newest; version++) {
        const worker = new Caller(address, `w${version}`, version);
        await worker.hears('welcome');
        assert.deepEqual(worker.heard[0], {
          $case: 'welcome',
          value: { reportIntervalMs: 1000, protocolVersion: version },
        });
        await worker.close();
      }
      for (const [version, advice] of [
        [oldest - 1, 'update it'],
        [newest + 1, 'update the scheduler'],
      ] as const) {
        const worker = new Caller(address, `w${version}`, version);
        const error = await worker.ended;
        assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'), String(error));
        const expected = `expected ${oldest} to ${newest}`;
        assert.match(error.message, new RegExp(`speaks version ${version} .*${expected}; ${advice}`));
      }
    }));

  it('decide who hears of blocks that move', () =>
    withScheduler(async (scheduler, { address }) => {
      const holder = new Caller(address, 'holder', 2);
      await holder.hears('welcome');
      scheduler.dispatch({ type: 'JobAccepted', job: definition('j', 'persist', chain(2)) });
      await holder.hears('run');
      for (const task of [0, 1]) {
        const id = { jobId: 'j', stage: 0, task, attempt: 1, listing: '' };
        holder.say({ $case: 'done', value: { task: id, bytes: 8, objects: 0, runMs: 1 } });
      }
      while (scheduler.state.jobs.get('j')?.phase !== 'succeeded') await sleep(20);
      const older = new Caller(address, 'older', 1);
      await older.hears('welcome');
      const newer = new Caller(address, 'newer', 2);
      await newer.hears('welcome');
      holder.say({ $case: 'draining', value: {} });
      older.say({ $case: 'draining', value: {} });
      await newer.hears('take');
      const take = newer.heard.find((message) => message?.$case === 'take')!.value;
      assert.deepEqual(
        { ...take, tasks: [...take.tasks].sort() },
        { from: 'holder:1', jobId: 'j', stage: 0, tasks: [0, 1], listing: '' },
      );
      const blocks = { jobId: 'j', stage: 0, tasks: [0, 1], sizes: [8, 8], fingerprint: 'plan of j' };
      newer.say({ $case: 'taken', value: { from: 'holder:1', blocks } });
      await holder.hears('drained');
      assert.deepEqual(holder.heard.at(-1), { $case: 'drained', value: { handedOver: 2, left: 0 } });
      assert.deepEqual(
        older.heard.map((message) => message?.$case),
        ['welcome'],
      );
      for (const worker of [holder, older, newer]) await worker.close();
    }));

  it('decide whether tasks are handed out one by one or as runs, and either may be reported', () =>
    withScheduler(async (scheduler, { address }) => {
      const job = (id: string) => scheduler.state.jobs.get(id);
      for (const [version, id] of [
        [2, 'j2'],
        [3, 'j3'],
      ] as const) {
        const worker = new Caller(address, `w${version}`, version);
        await worker.hears('welcome');
        scheduler.dispatch({ type: 'JobAccepted', job: definition(id, 'persist', chain(3)) });
        await worker.hears('run');
        const given = worker.heard.flatMap((message) => (message?.$case === 'run' ? [message.value] : []));
        const run = { jobId: id, stage: 0, first: 0, count: 3, attempt: 1, listing: '' };
        const tasks = [0, 1, 2].map((task) => ({ jobId: id, stage: 0, task, attempt: 1, listing: '' }));
        assert.deepEqual(given, [version === 3 ? { tasks: [], runs: [run] } : { tasks, runs: [] }]);
        // What is nonsense counts for nothing.
        for (const wrong of [
          { ...run, first: 2, count: 2 ** 32 - 1, attempt: 7 },
          { ...run, first: 2 ** 52, count: 1 },
          { ...run, stage: 9 },
          { ...run, jobId: 'nobody' },
        ])
          worker.say({
            $case: 'ended',
            value: { done: [{ run: wrong, sizes: [], runUs: 1 }], returned: [wrong] },
          });
        worker.say({
          $case: 'ended',
          value: { done: [{ run: undefined, sizes: [1], runUs: 1 }], returned: [] },
        });
        const done = { run: { ...run, count: 2 }, sizes: [8, 9], runUs: 10 };
        worker.say({ $case: 'ended', value: { done: [done], returned: [] } });
        const last = { jobId: id, stage: 0, task: 2, attempt: 1, listing: '' };
        worker.say({ $case: 'done', value: { task: last, bytes: 10, objects: 0, runMs: 1 } });
        while (job(id)?.phase !== 'succeeded') await sleep(20);
        assert.equal(job(id)?.stages[0].tasks?.heldBytes, 27);
        scheduler.dispatch({ type: 'ReleaseRequested', jobId: id });
        await worker.close();
      }
    }));
});
