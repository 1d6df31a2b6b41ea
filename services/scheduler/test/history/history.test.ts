import assert from 'node:assert/strict';
import { ClusterEventKind as Kind, WorkerReport } from '@hyperslab/proto/scheduler';
import { clusterPoint } from '../../src/history/cluster-series.ts';
import { workerPoint } from '../../src/history/worker-series.ts';
import { chain, definition, publishPlan } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

/** The points of a second each so far. */
function points(mesh: SimulatedMesh) {
  mesh.history.advance(mesh.now);
  return Array.from(mesh.history.cluster.points(1).after(0), clusterPoint);
}

function events(mesh: SimulatedMesh) {
  return mesh.history.events.after(0, 1_000);
}

describe('the history of the scheduler', () => {
  it('counts tasks in the second in which they were done, and looks at the queue at its end', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(10)) });
    mesh.finish('a');
    mesh.finish('a');
    mesh.now += 1000;
    mesh.finish('a');
    mesh.now += 1000;
    const [first, second] = points(mesh);
    assert.deepEqual([first.time, first.tasksDone, first.tasksRunning], [new Date(1000), 2, 2]);
    assert.deepEqual([second.time, second.tasksDone, second.tasksQueued], [new Date(2000), 1, 5]);
    assert.deepEqual([second.workers, second.slots, second.jobsRunning], [1, 2, 1]);
  });

  it('counts a task once, however often its worker reports it', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(5)) });
    const task = mesh.workers.get('a')!.queue[0];
    for (let n = 0; n < 3; n++) mesh.send({ type: 'TaskDone', workerId: 'a', task, bytes: 8, objects: 0 });
    assert.equal(mesh.history.totals().tasksDone, 1);
    assert.equal(mesh.history.tasks.after(0, 10).length, 1);
  });

  it('records what ran where, and for how long', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(5)) });
    const task = mesh.workers.get('a')!.queue[0];
    mesh.now = 5_000;
    mesh.send({ type: 'TaskDone', workerId: 'a', task, bytes: 7, objects: 0, runMs: 1_200 });
    mesh.fail('a', 1, true);
    const [done, failed] = mesh.history.tasks.after(0, 10);
    assert.deepEqual(done, {
      ...{ number: 1, workerId: 'a', jobId: 'j', stage: 0, stageKind: 1, task: 0, attempt: 1 },
      ...{ start: new Date(3_800), end: new Date(5_000), outcome: 1, bytes: 7, reason: '' },
    });
    assert.deepEqual([failed.outcome, failed.reason], [2, 'STORAGE_UNAVAILABLE']);
    assert.equal(mesh.history.totals().tasksFailed, 1);
  });

  it('counts what workers did between their reports, and sums up what they hold', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a');
    mesh.join('b');
    const report = (workerId: string, rss: number, cpuMs: number, storageBytesRead: number) =>
      mesh.send({
        type: 'WorkerReported',
        workerId,
        report: WorkerReport.fromPartial({ rss, cpuMs, storageBytesRead }),
      });
    // A worker that joins again after a restart of the scheduler has done much before.
    report('a', 100, 90_000, 1e9);
    report('b', 50, 0, 0);
    mesh.now += 400;
    report('a', 110, 90_500, 1e9 + 100);
    report('b', 50, 250, 10);
    mesh.now += 600;
    const [point] = points(mesh);
    assert.deepEqual([point.rss, point.cpuSeconds, point.storageBytes], [160, 0.75, 110]);
    mesh.now += 10_000;
    report('b', 70, 500, 10);
    const series = new Map(mesh.history.workers.series());
    const [ofB] = Array.from(series.get('b')!.points(10).after(0), workerPoint);
    assert.deepEqual([ofB.time, ofB.rss, ofB.cpuSeconds], [new Date(0), 50, 0.25]);
    mesh.leave('b');
    assert.deepEqual([...new Map(mesh.history.workers.series()).keys()], ['a']);
  });

  it('tells what happened', () => {
    const mesh = new SimulatedMesh();
    mesh.objects = 2;
    mesh.join('a', 3);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(1)) });
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(1)) });
    mesh.drain();
    mesh.send({ type: 'WorkerDraining', workerId: 'a' });
    mesh.leave('a');
    mesh.leave('a');
    assert.deepEqual(
      events(mesh).map(({ number, kind, message }) => [number, kind, message]),
      [
        [1, Kind.CLUSTER_EVENT_KIND_LEADER_CHANGED, 'the scheduler on here leads'],
        [2, Kind.CLUSTER_EVENT_KIND_WORKER_JOINED, 'worker a:1 joined with 3 slots'],
        [3, Kind.CLUSTER_EVENT_KIND_JOB_ACCEPTED, 'publish of p by someone'],
        [4, Kind.CLUSTER_EVENT_KIND_JOB_ENDED, 'publish of p succeeded'],
        [5, Kind.CLUSTER_EVENT_KIND_PUBLISHED, 'someone published a@1 with 1 cube'],
        [6, Kind.CLUSTER_EVENT_KIND_WORKER_DRAINING, 'worker a:1 is about to go'],
        [7, Kind.CLUSTER_EVENT_KIND_WORKER_LEFT, 'worker a:1 left'],
      ],
    );
  });

  it('tells of lost blocks, failed jobs and silent workers', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 3);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(2)) });
    mesh.drain();
    mesh.lose('a', 0);
    mesh.fail('a', 0, false);
    mesh.now += 20_000;
    mesh.send({ type: 'Tick' });
    assert.deepEqual(
      events(mesh)
        .slice(4)
        .map(({ message }) => message),
      [
        'worker a:1 lost 1 block of job j',
        'persist of j failed: oops',
        'worker a:1 fell silent and counts as gone',
      ],
    );
  });

  it('tells what the autoscaler decided when that is news', () => {
    const mesh = new SimulatedMesh();
    const decide = (current: number, wanted: number) =>
      mesh.history.scaled({ time: new Date(0), current, wanted, reason: '80 s wait' }, mesh.now);
    decide(2, 2);
    decide(2, 5);
    decide(5, 5);
    assert.deepEqual(
      events(mesh)
        .slice(1)
        .map(({ message }) => message),
      ['2 → 2 workers: 80 s wait', '2 → 5 workers: 80 s wait'],
    );
    mesh.now += 1000;
    assert.equal(points(mesh)[0].wantedWorkers, 5);
  });

  it('has points of no second in which nothing was heard, and costs the same for a million tasks', () => {
    const mesh = new SimulatedMesh();
    mesh.now += 3_600_000;
    assert.equal(points(mesh).length, 1);
    const { history, state } = mesh;
    let reads = 0;
    // Whatever walks over tasks asks for the state of each.
    history.observe({ type: 'JobAccepted', job: definition('x', 'compute', chain(1)) }, [], mesh.now);
    const job = { ...definition('big', 'compute', chain(1_000_000)) };
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job });
    const table = state.jobs.get('big')!.stages[0].tasks!;
    table.stateOf = () => {
      reads++;
      return 0;
    };
    for (let n = 0; n < 50; n++) {
      mesh.now += 1000;
      history.observe({ type: 'Tick' }, [{ type: 'JobChanged', jobId: 'big' }], mesh.now);
    }
    assert.equal(reads, 0);
    assert.equal(history.totals().tasksQueued, 1_000_000 - 2);
  });
});
