import assert from 'node:assert/strict';
import { WatchClusterRequest, WorkerReport } from '@hyperslab/proto/scheduler';
import { ClusterWatcher } from '../../src/history/cluster-watcher.ts';
import { watchWishes } from '../../src/history/watch-wishes.ts';
import { chain, definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

function watch(mesh: SimulatedMesh, wishes: Partial<WatchClusterRequest> = {}): ClusterWatcher {
  const request = WatchClusterRequest.fromPartial({ taskRecords: 100, ...wishes });
  return new ClusterWatcher(mesh.state, mesh.history, watchWishes(request), mesh.now);
}

/** A second in which worker `a` does a task. */
function work(mesh: SimulatedMesh, seconds: number): void {
  for (let n = 0; n < seconds; n++) {
    mesh.finish('a');
    mesh.send({ type: 'WorkerReported', workerId: 'a', report: WorkerReport.fromPartial({ rss: n }) });
    mesh.now += 1000;
  }
}

function busyMesh(tasks: number): SimulatedMesh {
  const mesh = new SimulatedMesh();
  mesh.join('a', 2);
  mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(tasks)) });
  return mesh;
}

describe('a watcher of the cluster', () => {
  it('gets the past that it asks for, then what is new', () => {
    const mesh = busyMesh(100);
    work(mesh, 30);
    const watcher = watch(mesh, { historySeconds: 10 });
    const first = watcher.update(mesh.now);
    assert.equal(first.complete, true);
    assert.equal(first.points.length, 10);
    assert.equal(first.points.at(-1)?.time?.getTime(), mesh.now - 1000);
    assert.deepEqual(
      first.jobs.map(({ jobId, tasksDone }) => [jobId, tasksDone]),
      [['j', 30]],
    );
    assert.equal(first.tasks.length, 30);
    assert.equal(first.workers.length, 1);
    work(mesh, 1);
    const second = watcher.update(mesh.now);
    assert.deepEqual([second.complete, second.points.length, second.tasks.length], [false, 1, 1]);
    assert.equal(second.jobs[0].tasksDone, 31);
    mesh.now += 100;
    const third = watcher.update(mesh.now);
    assert.deepEqual([third.jobs, third.workers, third.tasks, third.points], [[], [], [], []]);
  });

  it('gets all at once when it comes late', () => {
    const mesh = busyMesh(100);
    const late = watch(mesh);
    const prompt = watch(mesh);
    late.update(mesh.now);
    prompt.update(mesh.now);
    let promptly = 0;
    for (let n = 0; n < 20; n++) {
      work(mesh, 1);
      promptly += prompt.update(mesh.now).points.reduce((sum, { tasksDone }) => sum + tasksDone, 0);
    }
    const merged = late.update(mesh.now);
    const sum = merged.points.reduce((done, { tasksDone }) => done + tasksDone, 0);
    assert.deepEqual([sum, promptly, merged.points.length], [20, 20, 20]);
    assert.equal(merged.jobs.length, 1, 'the job as it is, not each of its changes');
    assert.equal(merged.workers.length, 1);
  });

  it('gets nothing twice when it goes on, and is told what it missed for good', () => {
    const mesh = busyMesh(2000);
    const before = watch(mesh);
    const { events, epoch } = before.update(mesh.now);
    before.close();
    for (let n = 0; n < 50; n++) mesh.finish('a');
    mesh.join('b');
    const last = events.at(-1)!.number;
    const after = watch(mesh, { epoch, afterEvent: last, afterTask: 0 }).update(mesh.now);
    assert.deepEqual(
      after.events.map(({ message }) => message),
      ['worker b:1 joined with 2 slots'],
    );
    const resumed = watch(mesh, { epoch, afterEvent: last, afterTask: 5 }).update(mesh.now);
    assert.deepEqual([resumed.tasks.length, resumed.tasksLeftOut], [15, 30], '20 of the 50 have a record');
    const elsewhere = watch(mesh, { epoch: 'another scheduler', afterEvent: last }).update(mesh.now);
    assert.equal(elsewhere.events[0].number, 1);
  });

  it('is told of workers and jobs that are gone, and only of those that it knew', () => {
    const mesh = busyMesh(1);
    const watcher = watch(mesh);
    watcher.update(mesh.now);
    for (let n = 0; n < 300; n++) {
      mesh.send({ type: 'JobAccepted', job: definition(`j${n}`, 'compute', chain(1)) });
      mesh.send({ type: 'CancelRequested', jobId: `j${n}` });
      mesh.send({ type: 'Tick' });
    }
    mesh.send({ type: 'CancelRequested', jobId: 'j' });
    mesh.leave('a');
    for (let n = 300; n < 420; n++) {
      mesh.send({ type: 'JobAccepted', job: definition(`j${n}`, 'compute', chain(1)) });
      mesh.send({ type: 'CancelRequested', jobId: `j${n}` });
      mesh.send({ type: 'Tick' });
    }
    const { jobs, jobsGone, workersGone } = watcher.update(mesh.now);
    assert.deepEqual(workersGone, ['a']);
    assert.deepEqual(jobsGone, ['j']);
    assert.equal(jobs.length, 100, 'those that are remembered');
  });

  it('gets of long texts only their beginning', () => {
    const mesh = busyMesh(1);
    const long = { ...definition('long', 'compute', chain(1)), description: 'x'.repeat(1e6) };
    mesh.send({ type: 'JobAccepted', job: long });
    const error = {
      code: 5,
      reason: 'OBJECT_NOT_FOUND',
      message: 'y'.repeat(1e6),
      details: { url: 'z'.repeat(1e6) },
    };
    mesh.send({ type: 'JobFailed', jobId: 'long', error });
    const [, job] = watch(mesh).update(mesh.now).jobs;
    assert.deepEqual(
      [job.description, job.error?.message, job.error?.details.url].map((text) => text?.length),
      [500, 500, 500],
    );
  });

  it('gets points of workers where it wants them, coarser than those of the cluster', () => {
    const mesh = busyMesh(200);
    mesh.join('b', 2);
    work(mesh, 61);
    const watcher = watch(mesh, { historySeconds: 600, workerHistory: true, workerIds: ['a'] });
    const { workerHistory } = watcher.update(mesh.now);
    assert.deepEqual(
      workerHistory.map(({ workerId, resolutionSeconds, points }) => [
        workerId,
        resolutionSeconds,
        points.length,
      ]),
      [['a', 10, 6]],
    );
    assert.deepEqual(watcher.update(mesh.now).workerHistory, []);
  });
});

describe('what a watcher may wish', () => {
  const wish = (wishes: Partial<WatchClusterRequest>) => watchWishes(WatchClusterRequest.fromPartial(wishes));

  it('is completed: the finest resolution that reaches back so far', () => {
    assert.equal(wish({}).resolutionSeconds, 1);
    assert.equal(wish({ historySeconds: 600 }).resolutionSeconds, 1);
    assert.equal(wish({ historySeconds: 601 }).resolutionSeconds, 10);
    assert.equal(wish({ historySeconds: 86_400 }).resolutionSeconds, 60);
    assert.equal(wish({ historySeconds: 86_400, workerHistory: true }).workerResolutionSeconds, 60);
    assert.deepEqual([wish({}).intervalMs, wish({}).events, wish({}).endedJobs], [1000, 200, 100]);
  });

  it('is refused beyond the limits, naming them', () => {
    assert.throws(() => wish({ historySeconds: 90_000 }), {
      message: 'watch cluster: history_seconds is 90000, expected 0 to 86400',
    });
    assert.throws(() => wish({ resolutionSeconds: 5 }), { reason: 'INVALID_ARGUMENT' });
    assert.throws(() => wish({ intervalMs: 10 }), { reason: 'INVALID_ARGUMENT' });
    assert.throws(() => wish({ taskRecords: 1001 }), /task_records is 1001/);
  });
});
