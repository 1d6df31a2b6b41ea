import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { JobState } from '@hyperslab/proto/scheduler';
import type { FollowEvent } from '../../src/follow/follow-news.ts';
import { jobOf } from '../job-of.ts';
import { withStandIn } from '../stand-in-mesh.ts';

const listVersions = () => ({ versions: [], nextPageToken: '' });
const job = jobOf({ state: JobState.JOB_STATE_SUCCEEDED, published: 'run@1', cubes: 1 });

/** What is told until something is published, in short; throws what ends the following. */
async function told(events: AsyncIterable<FollowEvent>): Promise<string[]> {
  const lines: string[] = [];
  for await (const event of events) {
    lines.push(event.kind === 'failed' ? event.error.reason : event.kind);
    if (event.kind === 'published') break;
  }
  return lines;
}

describe('following', () => {
  it('goes on when the scheduler does not answer in time, or has no room for now', () => {
    let submits = 0;
    const submitPublish = () => {
      submits++;
      if (submits === 1) return new Promise(() => {});
      if (submits === 2) throw new HyperslabError('DISK_FULL', 'the disk of the journal is full');
      return job;
    };
    const watchJob = async function* () {
      yield job;
    };
    const services = { unary: { listVersions, submitPublish }, streams: { watchJob } };
    return withStandIn(
      services,
      async (client) => {
        const events = client.follow('run', ['/data/*.nc'], { everyMs: 10, settleMs: 0 });
        assert.deepEqual(await told(events), ['DEADLINE_EXCEEDED', 'DISK_FULL', 'published']);
        assert.equal(submits, 3);
      },
      300,
    );
  });

  it('ends when what is asked for is refused, which no later round would mend', async () => {
    for (const reason of ['INVALID_ARGUMENT', 'OUTSIDE_ROOTS', 'TOO_LARGE'] as const) {
      const submitPublish = () => {
        throw new HyperslabError(reason, 'never');
      };
      await withStandIn({ unary: { listVersions, submitPublish } }, async (client) => {
        const events = client.follow('run', ['/data/*.nc'], { everyMs: 10, settleMs: 0 });
        await assert.rejects(told(events), { reason });
      });
    }
  });
});
