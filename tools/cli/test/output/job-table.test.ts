import assert from 'node:assert/strict';
import { Job, JobState } from '@hyperslab/proto/scheduler';
import { jobTable } from '../../src/output/job-table.ts';

describe('a table of jobs', () => {
  it('says what those wait for that have not ended', () => {
    const jobs = [
      { jobId: 'a', state: JobState.JOB_STATE_QUEUED, phase: 'waiting for newer workers' },
      { jobId: 'b', state: JobState.JOB_STATE_SUCCEEDED, phase: 'succeeded' },
    ];
    const [, waiting, ended] = jobTable(jobs.map(Job.fromPartial)).split('\n');
    assert.match(waiting, /queued .* waiting for newer workers/);
    assert.doesNotMatch(ended, /succeeded .* succeeded/);
  });
});
