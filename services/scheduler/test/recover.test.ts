import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { Plan } from '@hyperslab/proto/expression';
import { JobAccepted, JobEnded, JobState, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect, serve } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { DatasetFetches } from '../src/jobs/dataset-fetches.ts';
import { Journal } from '../src/journal/journal.ts';
import { recover } from '../src/recover.ts';
import { Scheduler } from '../src/scheduler.ts';
import { schedulerService } from '../src/scheduler-service.ts';
import type { JobRequest } from '../src/submit/job-identity.ts';
import type { PlanRequest } from '../src/submit/plan-request.ts';
import { Submissions } from '../src/submit/submissions.ts';
import { WorkerClients } from '../src/workers/worker-clients.ts';
import { chain, limits } from './state/example-plans.ts';

const log = createLogger('scheduler', { level: 'silent' });
const never = new AbortController().signal;
const persist: JobRequest = {
  $case: 'compute',
  value: { requestId: 'r', expression: undefined, persist: true },
};
const backup = {
  position: async () => 0,
  append: async () => undefined,
  async *replay() {},
};

/** Has a scheduler take up job `j` from a journal that says that `request` was accepted, and perhaps how it ended. */
async function recovering(
  request: JobRequest,
  planRequest: PlanRequest,
  then: (scheduler: Scheduler, journal: Journal) => Promise<void>,
  ended?: JobState,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const options = { rememberedJobs: 3, compactAfter: { events: 100, bytes: 2 ** 30 } };
    const journal = await Journal.open(join(folder, 'journal'), backup, log, never, options);
    journal.start(() => undefined);
    const accepted = JobAccepted.fromPartial({ jobId: 'j', request });
    await journal.append({ $case: 'accepted', value: accepted }, never);
    if (ended !== undefined)
      await journal.append(
        { $case: 'ended', value: JobEnded.fromPartial({ jobId: 'j', state: ended }) },
        never,
      );
    const scheduler = new Scheduler(limits, journal, log);
    await recover(scheduler, new Submissions(scheduler, planRequest), planRequest, log, never);
    await then(scheduler, journal);
    scheduler.close();
    await journal.close();
  });
}

const planned = { plan: chain(2), description: '', resolvedDatasets: {} };

describe('recovery', () => {
  it('adopts blocks of a persisted job from workers that are back before the catalog answers', () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const planRequest = () => answered.then(() => planned);
    return recovering(persist, planRequest, async (scheduler) => {
      assert.ok(scheduler.knows('j') && !scheduler.state.jobs.has('j'));
      const link = scheduler.links.open('w');
      joinWithBlocks(scheduler);
      answer();
      await arrived(scheduler);
      assert.equal(scheduler.state.jobs.get('j')?.phase, 'succeeded');
      scheduler.links.dropAll();
      const heard: (string | undefined)[] = [];
      for await (const { message } of link) heard.push(message?.$case);
      assert.deepEqual(heard, ['plan']);
    });
  });

  it('waits for a catalog that does not answer in time', () => {
    let asked = 0;
    const planRequest = async () => {
      if (++asked === 1) throw new HyperslabError('DEADLINE_EXCEEDED', 'catalog: it did not answer in time');
      return planned;
    };
    return recovering(persist, planRequest, async (scheduler) => {
      await arrived(scheduler);
      assert.equal(scheduler.state.jobs.get('j')?.phase, 'running');
    });
  });

  it('fails a persisted job that can be planned no more', () => {
    const planRequest = async () => {
      throw new HyperslabError('DATASET_NOT_FOUND', 'it is gone');
    };
    return recovering(persist, planRequest, async (scheduler, journal) => {
      await arrived(scheduler);
      const { phase, error } = scheduler.state.jobs.get('j')!;
      assert.deepEqual([phase, error?.reason], ['failed', 'DATASET_NOT_FOUND']);
      assert.deepEqual(await remembered(journal), []);
    });
  });

  for (const wish of ['cancelJob', 'releaseJob'] as const) {
    it(`does not wait for the catalog to obey ${wish}, and does not run the job again`, () => {
      const planRequest = (...[, , , signal]: Parameters<PlanRequest>) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return recovering(persist, planRequest, (scheduler, journal) =>
        withClient(scheduler, async (client) => {
          await call(client, wish, { jobId: 'j' }, { deadlineMs: 2_000 });
          assert.equal(scheduler.state.jobs.get('j')?.phase, 'cancelled');
          assert.deepEqual(await remembered(journal), []);
        }),
      );
    });
  }

  for (const areBack of [true, false])
    it(`cancels nothing of a persisted array that was made before, with workers that are ${areBack ? 'back' : 'not back'} when it is planned again`, () => {
      const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
      const planRequest = () => answered.then(() => planned);
      const act = (scheduler: Scheduler, journal: Journal) =>
        withClient(scheduler, async (client) => {
          if (areBack) joinWithBlocks(scheduler);
          const cancelled = call(client, 'cancelJob', { jobId: 'j' }, { deadlineMs: 10_000 });
          await sleep(100);
          answer();
          await cancelled;
          if (!areBack) joinWithBlocks(scheduler);
          assert.equal(scheduler.state.jobs.get('j')?.phase, 'succeeded');
          assert.deepEqual(await remembered(journal), ['j']);
        });
      return recovering(persist, planRequest, act, JobState.JOB_STATE_SUCCEEDED);
    });
});

/** Serves a scheduler without a catalog. */
async function withClient(
  scheduler: Scheduler,
  act: (client: SchedulerServiceClient) => Promise<void>,
): Promise<void> {
  const workers = new WorkerClients();
  const catalog = connect(CatalogServiceClient, '127.0.0.1:1', { caller: 'scheduler' });
  const submissions = new Submissions(scheduler, async () => planned);
  const fetches = new DatasetFetches(scheduler, catalog, workers, log);
  const explain = () => Promise.reject(new Error('not asked for'));
  const services = [schedulerService({ scheduler, submissions, fetches, explain })];
  const server = await serve({ service: 'test', bind: '127.0.0.1', port: 0, services, log });
  const client = connect(SchedulerServiceClient, server.address, { caller: 'test' });
  try {
    await act(client);
  } finally {
    client.close();
    await server.stop(0);
    workers.close();
    catalog.close();
  }
}

/** A worker comes that has all blocks of job `j`. */
function joinWithBlocks(scheduler: Scheduler): void {
  const fingerprint = createHash('sha256').update(Plan.encode(planned.plan).finish()).digest('hex');
  scheduler.dispatch({
    type: 'WorkerJoined',
    workerId: 'w',
    address: 'w:1',
    slots: 1,
    protocolVersion: 2,
    kernelVersion: '1',
    held: [{ jobId: 'j', stage: 0, tasks: [0, 1], sizes: [8, 8], fingerprint }],
  });
}

/** Resolves when a job that is being planned again is there. */
async function arrived(scheduler: Scheduler): Promise<void> {
  await scheduler.recovered('j', never);
  while (!scheduler.state.jobs.has('j')) await sleep(10);
}

/** Jobs that the next restart would know. */
async function remembered(journal: Journal): Promise<string[]> {
  // What is written behind answers may be on its way.
  await journal.append({ $case: 'released', value: { jobId: 'another' } }, never);
  const jobs = await Array.fromAsync(journal.jobs());
  return jobs.map(({ accepted }) => accepted.jobId);
}
