import assert from 'node:assert/strict';
import type { TaskRun } from '@hyperslab/proto/scheduler';
import { protocolVersions } from '@hyperslab/rpc';
import type { SchedulerEvent } from '../../src/state/events.ts';
import { emptyState, type JobPhase } from '../../src/state/scheduler-state.ts';
import { transition } from '../../src/state/transitions.ts';
import { chain, definition, limits, reading } from './example-plans.ts';

const rows = 6000;
const last = `j${rows - 1}`;

/** Persisted arrays of which each is made of the one before, as by a computation in steps. */
function startRow({ keptResultBytes = 0, hasWorker = true } = {}) {
  const state = emptyState({ ...limits, keptResultBytes }, -60_000);
  let now = 1000;
  function send(event: SchedulerEvent): TaskRun[] {
    const effects = transition(state, event, now++);
    return effects.flatMap((effect) => (effect.type === 'SendTasks' ? effect.runs : []));
  }
  const join = (workerId: string, kernelVersion: string) => {
    const { newest: protocolVersion } = protocolVersions;
    const worker = { workerId, address: workerId, slots: 4, kernelVersion, protocolVersion };
    send({ type: 'WorkerJoined', ...worker, held: [] });
  };
  const leave = (workerId: string) => {
    send({ type: 'WorkerLeft', workerId });
    now += 6_000;
  };
  if (hasWorker) join('a', '1');
  for (let step = 0; step < rows; step++) {
    const plan = step === 0 ? chain(1) : reading(chain(1), `j${step - 1}`, 1);
    const runs = send({ type: 'JobAccepted', job: definition(`j${step}`, 'persist', plan) });
    const done = runs.map((run) => ({ run, sizes: [8], runUs: 10 }));
    send({ type: 'TasksEnded', workerId: 'a', done, returned: [] });
  }
  const count = (phase: JobPhase) => [...state.jobs.values()].filter((job) => job.phase === phase).length;
  const there = () => [...state.jobs.values()].filter(({ released }) => !released).length;
  return { state, send, join, leave, count, there };
}

describe('arrays that are made of each other in a long row', () => {
  for (const keptResultBytes of [0, 1e9])
    it(`go together when the last is given back, of which ${keptResultBytes} bytes are kept`, () => {
      const { state, send, there } = startRow({ keptResultBytes });
      for (let step = 0; step < rows - 1; step++) send({ type: 'ReleaseRequested', jobId: `j${step}` });
      assert.equal(there(), rows);
      send({ type: 'ReleaseRequested', jobId: last });
      assert.equal(there(), state.kept.size);
      assert.equal(state.kept.size > 0, keptResultBytes > 0);
    });

  it('begin again with other kernels', () => {
    const { state, send, join, leave } = startRow();
    leave('a');
    join('b', '2');
    send({ type: 'Tick' });
    assert.equal(state.jobs.get(last)!.kernelVersion, undefined);
    assert.equal(state.jobs.get(last)!.stages[0].tasks?.counts[0], 1);
  });

  it('fail together when the first is cancelled, which the message says', () => {
    const { state, send, count } = startRow({ hasWorker: false });
    send({ type: 'CancelRequested', jobId: 'j0' });
    assert.deepEqual([count('cancelled'), count('failed')], [1, rows - 1]);
    const messageOf = (id: string) => state.jobs.get(id)!.error?.message;
    assert.equal(messageOf('j1'), 'job j0, whose result it reads: it was cancelled; persist it again');
    assert.equal(
      messageOf(last),
      'job j0, of which what it reads was made: it was cancelled; persist it again',
    );
  });
});
