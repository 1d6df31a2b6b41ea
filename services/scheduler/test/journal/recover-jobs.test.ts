import assert from 'node:assert/strict';
import { JobState, SchedulerEvent } from '@hyperslab/proto/scheduler';
import { mustRunAgain, recoverJobs } from '../../src/journal/recover-jobs.ts';

type Change = NonNullable<SchedulerEvent['change']>;

function journal(...changes: object[]): SchedulerEvent[] {
  return changes.map((change, at) =>
    SchedulerEvent.fromPartial({ sequence: at + 1, time: new Date(at), change: change as Change }),
  );
}

const compute = (jobId: string, persist: boolean) => ({
  $case: 'accepted',
  value: { jobId, request: { $case: 'compute', value: { persist } } },
});
const publish = (jobId: string) => ({
  $case: 'accepted',
  value: { jobId, request: { $case: 'publish', value: { name: 'a' } } },
});
const ended = (jobId: string, state: JobState) => ({ $case: 'ended', value: { jobId, state } });
const released = (jobId: string) => ({ $case: 'released', value: { jobId } });

describe('jobs of a journal', () => {
  it('run again when they are publishes that had not ended, or persisted and not released', async () => {
    const jobs = await Array.fromAsync(
      recoverJobs(
        journal(
          publish('p1'),
          publish('p2'),
          ended('p2', JobState.JOB_STATE_SUCCEEDED),
          compute('plain', false),
          compute('kept', true),
          ended('kept', JobState.JOB_STATE_SUCCEEDED),
          compute('kept-running', true),
          compute('given-back', true),
          ended('given-back', JobState.JOB_STATE_SUCCEEDED),
          released('given-back'),
          compute('failed', true),
          ended('failed', JobState.JOB_STATE_FAILED),
          ended('unknown', JobState.JOB_STATE_FAILED),
        ),
      ),
    );
    const again = jobs.filter(mustRunAgain).map(({ accepted }) => accepted.jobId);
    assert.deepEqual(again, ['p1', 'kept', 'kept-running']);
    assert.equal(jobs.find(({ accepted }) => accepted.jobId === 'p2')?.endedMs, 2);
  });
});
