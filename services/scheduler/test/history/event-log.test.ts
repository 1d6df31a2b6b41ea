import assert from 'node:assert/strict';
import { ClusterEventKind } from '@hyperslab/proto/scheduler';
import { EventLog } from '../../src/history/event-log.ts';

const ofJob = (jobId: string) => ({
  kind: ClusterEventKind.CLUSTER_EVENT_KIND_JOB_ENDED,
  message: jobId,
  jobId,
});
const ofWorker = (workerId: string) => ({
  kind: ClusterEventKind.CLUSTER_EVENT_KIND_WORKER_LEFT,
  message: workerId,
  workerId,
});

describe('the log of events', () => {
  it('answers in the order of their numbers, the latest when there are too many', () => {
    const log = new EventLog();
    log.add(0, ofJob('a'));
    log.add(0, ofWorker('b'));
    log.add(0, ofJob('c'));
    log.add(0, ofWorker('d'));
    const numbers = (after: number, most: number) => log.after(after, most).map(({ number }) => number);
    assert.deepEqual(numbers(0, 10), [1, 2, 3, 4]);
    assert.deepEqual(numbers(2, 10), [3, 4]);
    assert.deepEqual(numbers(0, 3), [2, 3, 4]);
    assert.deepEqual(numbers(4, 3), []);
  });

  it('keeps what happened to workers however many jobs come and go, and is bounded', () => {
    const log = new EventLog();
    log.add(0, ofWorker('w'));
    for (let n = 0; n < 5_000; n++) log.add(n, ofJob(`j${n}`));
    const events = log.after(0, 10_000);
    assert.equal(events.length, 1_001);
    assert.equal(events[0].workerId, 'w');
    assert.equal(log.latest, 5_001);
  });
});
