import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Plan } from '@hyperslab/proto/expression';
import { JobPriority } from '@hyperslab/proto/scheduler';
import { protocolVersions } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { Journal } from '../../src/journal/journal.ts';
import { Scheduler } from '../../src/scheduler.ts';
import type { JobRequest } from '../../src/submit/job-identity.ts';
import { Submissions } from '../../src/submit/submissions.ts';
import { chain, limits, reading } from '../state/example-plans.ts';

const log = createLogger('scheduler', { level: 'silent' });
const backup = {
  position: async () => 0,
  append: async () => undefined,
  async *replay() {},
};

const never = new AbortController().signal;

function requestOf(requestId: string): JobRequest {
  return { $case: 'compute', value: { requestId, expression: undefined, persist: false } };
}

async function withScheduler(run: (scheduler: Scheduler) => Promise<void>): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const options = { rememberedJobs: 3, compactAfter: { events: 100, bytes: 2 ** 30 } };
    const journal = await Journal.open(join(folder, 'journal'), backup, log, never, options);
    const scheduler = new Scheduler({ ...limits, keptResultBytes: 1000 }, journal, log);
    await run(scheduler);
    scheduler.close();
    await journal.close();
  });
}

describe('submissions', () => {
  it('accept a request for one client although the other that sent it first goes away', () =>
    withScheduler(async (scheduler) => {
      const { promise: planned, resolve: plan } = Promise.withResolvers<void>();
      const signals: AbortSignal[] = [];
      const submissions = new Submissions(scheduler, async (_id, _request, _pinned, signal) => {
        signals.push(signal);
        await Promise.race([
          planned,
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        ]);
        return { plan: Plan.fromPartial({ stages: [{}] }), description: '', resolvedDatasets: {} };
      });
      const first = new AbortController();
      const one = submissions.submit('someone', requestOf('r'), first.signal);
      const two = submissions.submit('someone', requestOf('r'), never);
      first.abort(new Error('gone'));
      await assert.rejects(one, /gone/);
      plan();
      const { jobId } = await two;
      assert.ok(scheduler.state.jobs.has(jobId));
      assert.equal(signals.length, 1);
    }));

  it('are the same however urgent they are', () =>
    withScheduler(async (scheduler) => {
      const planned = { plan: chain(2), description: '', resolvedDatasets: {} };
      const submissions = new Submissions(scheduler, async () => planned);
      const { jobId } = await submissions.submit('someone', requestOf('r'), never);
      for (const priority of [JobPriority.JOB_PRIORITY_UNSPECIFIED, JobPriority.JOB_PRIORITY_LOW]) {
        const { $case, value } = requestOf('r');
        const again = { $case, value: { ...value, priority } } as JobRequest;
        assert.equal((await submissions.submit('someone', again, never)).jobId, jobId);
      }
    }));

  it('tell who reads a result of which versions of datasets it is', () =>
    withScheduler(async (scheduler) => {
      const resolvedDatasets = { other: 'other@3' };
      const planned = { plan: chain(2), description: '', resolvedDatasets };
      const submissions = new Submissions(scheduler, async () => planned);
      const { datasets } = await submissions.submit('someone', requestOf('r'), never);
      assert.deepEqual(datasets, resolvedDatasets);
    }));

  it('are read from what is kept, unless that is gone by then, or somebody has computed just that', () =>
    withScheduler(async (scheduler) => {
      const { state } = scheduler;
      const versions = { kernelVersion: '1', protocolVersion: protocolVersions.newest };
      const worker = { workerId: 'w', address: 'w:1', slots: 2, ...versions, held: [] };
      scheduler.dispatch({ type: 'WorkerJoined', ...worker });
      const finish = (jobId: string, task: number) => {
        const id = { jobId, stage: 0, task, attempt: 1, listing: '' };
        scheduler.dispatch({ type: 'TaskDone', workerId: 'w', task: id, bytes: 8, objects: 0 });
      };
      const planned = { description: '', resolvedDatasets: {} };
      const compute = new Submissions(scheduler, async () => ({ plan: chain(2), ...planned }));
      const { jobId } = await compute.submit('someone', requestOf('whole'), never);
      for (const task of [0, 1]) finish(jobId, task);
      scheduler.dispatch({ type: 'ReleaseRequested', jobId });
      const submissions = new Submissions(scheduler, async () => {
        const kept = { jobId, plan: reading(chain(1), jobId, 2) };
        return { plan: chain(1), kept, ...planned };
      });
      const readOf = async (requestId: string) => {
        const part = await submissions.submit('someone', requestOf(requestId), never);
        return state.jobs.get(part.jobId)!;
      };
      const part = await readOf('part');
      assert.deepEqual(part.inputJobs, [jobId]);
      const computed = new Submissions(scheduler, async () => ({ plan: chain(1), ...planned }));
      const own = await computed.submit('another', requestOf('own'), never);
      assert.equal((await readOf('equal')).lender?.id, own.jobId);
      for (const id of [own.jobId, part.id]) scheduler.dispatch({ type: 'CancelRequested', jobId: id });
      const equal = [...state.jobs.values()].at(-1)!;
      scheduler.dispatch({ type: 'CancelRequested', jobId: equal.id });
      scheduler.dispatch({ type: 'WorkerLeft', workerId: 'w' });
      assert.equal(state.jobs.get(jobId)?.released, true);
      assert.deepEqual((await readOf('late')).inputJobs, []);
    }));
});
