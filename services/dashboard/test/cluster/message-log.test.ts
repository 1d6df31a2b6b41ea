import assert from 'node:assert/strict';
import { emptyMessage, most } from '../../src/cluster/merge-messages.ts';
import { MessageLog } from '../../src/cluster/message-log.ts';
import type { ClusterMessage, EventView, JobView, WorkerView } from '../../src/cluster/messages.ts';

const worker = (id: string, running: number) => ({ id, running }) as WorkerView;
const job = (id: string, tasksDone: number, ended = 0) => ({ id, tasksDone, ended }) as JobView;
const event = (number: number) => ({ number }) as EventView;
const message = (time: number, parts: Partial<ClusterMessage>) => ({ ...emptyMessage(time), ...parts });

describe('the log of messages', () => {
  let log: MessageLog;

  beforeEach(() => {
    log = new MessageLog();
    log.add(message(1, { complete: true, workers: [worker('a', 1), worker('b', 1)], jobs: [job('j', 1)] }));
  });

  it('gives the whole state to who comes first, and to who comes with a mark of another process', () => {
    for (const mark of [undefined, '', 'nonsense', '00000000-1', `${log.after(undefined)?.mark}9`]) {
      const answer = log.after(mark);
      assert.equal(answer?.message.complete, true, String(mark));
      assert.deepEqual(
        answer?.message.workers.map(({ id }) => id),
        ['a', 'b'],
      );
    }
  });

  it('gives what came since, merged', () => {
    const mark = log.after(undefined)?.mark;
    assert.equal(log.after(mark), undefined);
    log.add(message(2, { workers: [worker('a', 2)], jobs: [job('j', 2)], events: [event(1)] }));
    log.add(
      message(3, { workers: [worker('a', 3), worker('c', 0)], workersGone: ['b'], events: [event(2)] }),
    );
    const missed = log.after(mark)?.message;
    assert.equal(missed?.complete, false);
    assert.equal(missed?.time, 3);
    assert.deepEqual(missed?.workers, [worker('a', 3), worker('c', 0)]);
    assert.deepEqual(missed?.workersGone, ['b']);
    assert.deepEqual(missed?.jobs, [job('j', 2)]);
    assert.deepEqual(
      missed?.events.map(({ number }) => number),
      [1, 2],
    );
    assert.deepEqual(
      log.after(undefined)?.message.workers.map(({ id, running }) => [id, running]),
      [
        ['a', 3],
        ['c', 0],
      ],
    );
  });

  it('gives the whole state to who was away for too long, or before the scheduler became another', () => {
    const mark = log.after(undefined)?.mark;
    for (let time = 2; time < 150; time++) log.add(message(time, { jobs: [job('j', time)] }));
    assert.equal(log.after(mark)?.message.complete, true);
    const later = log.after(undefined)?.mark;
    log.add(message(200, { complete: true, workers: [worker('z', 0)] }));
    const answer = log.after(later)?.message;
    assert.equal(answer?.complete, true);
    assert.deepEqual(
      answer?.workers.map(({ id }) => id),
      ['z'],
    );
    assert.deepEqual(answer?.jobs, []);
  });

  it('keeps no more than a page does', () => {
    for (let time = 2; time < 600; time++)
      log.add(message(time, { events: [event(time)], jobs: [job(`j${time}`, 1, time)] }));
    const state = log.after(undefined)?.message;
    assert.equal(state?.events.length, most.events);
    assert.equal(state?.events.at(-1)?.number, 599);
    assert.equal(state?.jobs.filter(({ ended }) => ended > 0).length, most.endedJobs);
    assert.ok(
      state?.jobs.some(({ id }) => id === 'j'),
      'a job that runs is never left out',
    );
  });

  it('says why nothing newer is known, until something is', () => {
    log.add(message(2, { problem: 'the scheduler is away' }));
    assert.equal(log.after(undefined)?.message.problem, 'the scheduler is away');
    assert.equal(log.after(undefined)?.message.workers.length, 2);
    log.add(message(3, {}));
    assert.equal(log.after(undefined)?.message.problem, '');
  });

  it('wakes those who wait, and lets them go when they are not wanted', async () => {
    const waiting = log.next(new AbortController().signal);
    log.add(message(2, {}));
    await waiting;
    const gone = new AbortController();
    const given = log.next(gone.signal);
    gone.abort();
    await given;
    await log.next(gone.signal);
  });
});
