import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { JobState } from '@hyperslab/proto/scheduler';
import { jobPage } from '../../src/jobs/job-page.ts';
import { emptyState } from '../../src/state/scheduler-state.ts';
import { transition } from '../../src/state/transitions.ts';
import { chain, definition, limits } from '../state/example-plans.ts';

describe('pages of jobs', () => {
  function stateOf(count: number) {
    const state = emptyState(limits, 0);
    for (let n = 0; n < count; n++) {
      const job = { ...definition(`j${n}`, 'compute', chain(1)), submittedMs: Math.floor(n / 3) };
      transition(state, { type: 'JobAccepted', job }, n);
      if (n % 2 === 1) transition(state, { type: 'CancelRequested', jobId: job.id }, n);
    }
    return state;
  }

  it('are newest first, each job once, whatever is submitted meanwhile', () => {
    const state = stateOf(10);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = jobPage(state, { states: [], pageSize: 3, pageToken });
      seen.push(...page.jobs.map(({ jobId }) => jobId));
      pageToken = page.nextPageToken;
      const late = { ...definition(`late${seen.length}`, 'compute', chain(1)), submittedMs: 100 };
      transition(state, { type: 'JobAccepted', job: late }, 100);
    } while (pageToken !== '');
    assert.deepEqual(seen, ['j9', 'j8', 'j7', 'j6', 'j5', 'j4', 'j3', 'j2', 'j1', 'j0']);
  });

  it('keep to the states that were asked for, and refuse foreign tokens', () => {
    const state = stateOf(6);
    const states = [JobState.JOB_STATE_CANCELLED];
    const { jobs } = jobPage(state, { states, pageSize: 0, pageToken: '' });
    assert.deepEqual(
      jobs.map(({ jobId }) => jobId),
      ['j5', 'j3', 'j1'],
    );
    assert.throws(
      () => jobPage(state, { states, pageSize: 0, pageToken: 'x' }),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });
});
