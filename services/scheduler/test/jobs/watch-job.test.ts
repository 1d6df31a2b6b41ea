import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobState } from '@hyperslab/proto/scheduler';
import { JobChanges } from '../../src/jobs/job-changes.ts';
import { watchJob } from '../../src/jobs/watch-job.ts';
import { chain, definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

const never = new AbortController().signal;

/** A job of so many tasks on one worker, whose changes are told as the scheduler tells them. */
function watched(tasks: number) {
  const mesh = new SimulatedMesh();
  const changes = new JobChanges();
  mesh.join('a', 1);
  mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(tasks)) });
  const finish = () => {
    mesh.finish('a');
    if (mesh.ended.length > 0) changes.end('j');
    changes.changed('j');
  };
  return { mesh, changes, finish };
}

describe('watching a job', () => {
  it('tells changes that follow each other together, and the end without waiting', async () => {
    const { mesh, changes, finish } = watched(40);
    const seen: [done: number, state: JobState][] = [];
    const watching = (async () => {
      for await (const { tasksDone, state } of watchJob(mesh.state, changes, 'j', never))
        seen.push([tasksDone, state]);
    })();
    for (let task = 0; task < 40; task++) {
      await sleep(0);
      finish();
    }
    await watching;
    assert.deepEqual(seen[0], [0, JobState.JOB_STATE_RUNNING]);
    assert.deepEqual(seen.at(-1), [40, JobState.JOB_STATE_SUCCEEDED]);
    assert.ok(seen.length < 20, `${seen.length} updates`);
  });

  it('ends when nobody listens any more, in the pause between two changes as well', async () => {
    const { mesh, changes, finish } = watched(3);
    const gone = new AbortController();
    const watching = watchJob(mesh.state, changes, 'j', gone.signal);
    await watching.next();
    const second = watching.next();
    finish();
    await sleep(0);
    gone.abort(new Error('gone'));
    await assert.rejects(second, /gone/);
    await assert.rejects(changes.ended('j', 1, gone.signal), /gone/);
  });
});
