import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Plan } from '@hyperslab/proto/expression';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { Journal } from '../../src/journal/journal.ts';
import { Scheduler } from '../../src/scheduler.ts';
import type { JobRequest } from '../../src/submit/job-identity.ts';
import { Submissions } from '../../src/submit/submissions.ts';
import { limits } from '../state/example-plans.ts';

const log = createLogger('scheduler', { level: 'silent' });
const backup = {
  position: async () => 0,
  append: async () => undefined,
  async *replay() {},
};

const request: JobRequest = {
  $case: 'compute',
  value: { requestId: 'r', expression: undefined, persist: false },
};

describe('submissions', () => {
  it('accept a request for one client although the other that sent it first goes away', () =>
    withTemporaryDirectory(async (folder) => {
      const options = { rememberedJobs: 3, compactAfter: { events: 100, bytes: 2 ** 30 } };
      const never = new AbortController().signal;
      const journal = await Journal.open(join(folder, 'journal'), backup, log, never, options);
      const scheduler = new Scheduler(limits, journal, log);
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
      const one = submissions.submit('someone', request, first.signal);
      const two = submissions.submit('someone', request, never);
      first.abort(new Error('gone'));
      await assert.rejects(one, /gone/);
      plan();
      const { jobId } = await two;
      assert.ok(scheduler.state.jobs.has(jobId));
      assert.equal(signals.length, 1);
      scheduler.close();
      await journal.close();
    }));
});
