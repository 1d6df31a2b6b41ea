import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Plan } from '@hyperslab/proto/expression';
import { JobAccepted } from '@hyperslab/proto/scheduler';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { Journal } from '../src/journal/journal.ts';
import { recover } from '../src/recover.ts';
import { Scheduler } from '../src/scheduler.ts';
import { Submissions } from '../src/submit/submissions.ts';
import { chain, limits } from './state/example-plans.ts';

const log = createLogger('scheduler', { level: 'silent' });
const backup = {
  position: async () => 0,
  append: async () => undefined,
  async *replay() {},
};

describe('recovery', () => {
  it('adopts blocks of a persisted job from workers that are back before the catalog answers', () =>
    withTemporaryDirectory(async (folder) => {
      const options = { rememberedJobs: 3, compactAfter: { events: 100, bytes: 2 ** 30 } };
      const never = new AbortController().signal;
      const journal = await Journal.open(join(folder, 'journal'), backup, log, never, options);
      const compute = { requestId: 'r', expression: undefined, persist: true };
      const request = { $case: 'compute' as const, value: compute };
      journal.start(() => undefined);
      const accepted = JobAccepted.fromPartial({ jobId: 'j', request });
      await journal.append({ $case: 'accepted', value: accepted }, never);
      const scheduler = new Scheduler(limits, journal, log);
      const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
      const plan = chain(2);
      const planRequest = async () => {
        await answered;
        return { plan, description: '', resolvedDatasets: {} };
      };
      await recover(scheduler, new Submissions(scheduler, planRequest), planRequest, log, never);
      assert.ok(scheduler.knows('j') && !scheduler.state.jobs.has('j'));

      const link = scheduler.links.open('w');
      const fingerprint = createHash('sha256').update(Plan.encode(plan).finish()).digest('hex');
      const held = [{ jobId: 'j', stage: 0, tasks: [0, 1], sizes: [8, 8], fingerprint }];
      const worker = {
        workerId: 'w',
        address: 'w:1',
        slots: 1,
        protocolVersion: 2,
        kernelVersion: '1',
        held,
      };
      scheduler.dispatch({ type: 'WorkerJoined', ...worker });
      answer();
      await scheduler.recovered('j', never);
      while (!scheduler.state.jobs.has('j')) await sleep(10);
      assert.equal(scheduler.state.jobs.get('j')?.phase, 'succeeded');
      scheduler.close();
      const heard: (string | undefined)[] = [];
      for await (const { message } of link) heard.push(message?.$case);
      assert.deepEqual(heard, ['plan']);
      await journal.close();
    }));
});
