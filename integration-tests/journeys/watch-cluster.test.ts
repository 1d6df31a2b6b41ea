import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, connect as connectMesh, hasEnded } from '@hyperslab/client';
import {
  type ClusterUpdate,
  type Job,
  JobKind,
  ClusterEventKind as Kind,
  SchedulerServiceClient,
  WatchClusterRequest,
} from '@hyperslab/proto/scheduler';
import { connect } from '@hyperslab/rpc';
import { type CutProxy, startCutProxy } from '../harness/cut-proxy.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

/** All that a watcher got, put together. */
class Watched {
  readonly updates: ClusterUpdate[] = [];

  add(update: ClusterUpdate): void {
    this.updates.push(update);
  }

  get jobs(): Job[] {
    return [...new Map(this.updates.flatMap(({ jobs }) => jobs).map((job) => [job.jobId, job])).values()];
  }

  /** The sum of something that is counted, over all points. */
  sum(what: 'tasksDone' | 'tasksFailed' | 'networkSent' | 'storageBytes'): number {
    return this.points.reduce((sum, point) => sum + point[what], 0);
  }

  get points() {
    return this.updates.flatMap(({ points }) => points);
  }

  get tasks() {
    return this.updates.flatMap(({ tasks }) => tasks);
  }

  get events() {
    return this.updates.flatMap(({ events }) => events);
  }

  get leftOut(): number {
    return this.updates.reduce((sum, { tasksLeftOut }) => sum + tasksLeftOut, 0);
  }

  /** Whether points reach past the end of all jobs. */
  isComplete(count: number): boolean {
    const { jobs } = this;
    const last = this.points.at(-1)?.time?.getTime() ?? 0;
    return jobs.filter(hasEnded).length >= count && jobs.every(({ ended }) => (ended?.getTime() ?? 0) < last);
  }
}

function tasksOf(jobs: readonly Job[]): number {
  return jobs.reduce((sum, { tasks }) => sum + tasks, 0);
}

describe('watching a cluster while it works', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let client: Client;

  before(async () => {
    mesh = await startMesh({ sample: true });
    client = await mesh.client();
  });
  after(() => mesh?.stop());

  /** Watches until so many jobs have ended and points reach past their end. */
  async function watchUntil(jobs: number, watching: Client, each: (watched: Watched) => void = () => {}) {
    const watched = new Watched();
    for await (const update of watching.watchCluster({ historySeconds: 600, taskRecords: 1000 })) {
      watched.add(update);
      each(watched);
      if (watched.isComplete(jobs)) break;
    }
    return watched;
  }

  it('shows the past and what goes on, with numbers that agree', async () => {
    const watching = watchUntil(3, client);
    const run = await client.open('sample/run');
    await run.expression('t - mean(t, time)').compute();
    await client.publish('watched/mean', run.cube('t').mean('time'));
    const watched = await watching;

    const [first] = watched.updates;
    assert.equal(first.complete, true);
    assert.equal(first.workers.length, 2);
    const { jobs, tasks } = watched;
    assert.deepEqual(jobs.map(({ published }) => published).toSorted(), [
      '',
      'sample/run@1',
      'watched/mean@1',
    ]);
    assert.equal(watched.sum('tasksDone'), tasksOf(jobs));
    assert.equal(watched.updates.at(-1)?.totals?.tasksDone, tasksOf(jobs));
    assert.equal(watched.sum('tasksFailed'), 0);
    assert.ok(watched.sum('storageBytes') > 0 && watched.sum('networkSent') > 0);

    assert.equal(tasks.length + watched.leftOut, tasksOf(jobs));
    const workers = new Set(first.workers.map(({ workerId }) => workerId));
    for (const { jobId, workerId, start, end, attempt } of tasks) {
      assert.ok(jobs.some((job) => job.jobId === jobId) && workers.has(workerId));
      assert.ok(start!.getTime() <= end!.getTime() && attempt >= 1);
    }
    for (const { jobId, tasks: count } of jobs) {
      if (watched.leftOut === 0) assert.equal(tasks.filter((task) => task.jobId === jobId).length, count);
    }

    const { events } = watched;
    assert.deepEqual(
      events.map(({ number }) => number),
      events.map((_, at) => at + 1),
    );
    const of = (kind: Kind) => events.filter((event) => event.kind === kind);
    assert.equal(of(Kind.CLUSTER_EVENT_KIND_WORKER_JOINED).length, 2);
    assert.equal(of(Kind.CLUSTER_EVENT_KIND_JOB_ACCEPTED).length, 3);
    assert.equal(of(Kind.CLUSTER_EVENT_KIND_JOB_ENDED).length, 3);
    assert.deepEqual(
      of(Kind.CLUSTER_EVENT_KIND_PUBLISHED).map(({ published }) => published),
      ['sample/run@1', 'watched/mean@1'],
    );
  });

  it('has workers that say what their memory is used for', async () => {
    for await (const { workers } of client.watchCluster()) {
      for (const { report } of workers) {
        const { rss, heapBytes, threads, uptimeMs, networkSent } = report!;
        assert.ok(heapBytes > 2 ** 20 && heapBytes < rss, `${heapBytes} of ${rss}`);
        assert.ok(threads >= 1 && uptimeMs > 0 && networkSent >= 0);
      }
      break;
    }
  });

  it('goes on after a lost connection without a gap, and with nothing twice', async () => {
    const { scheduler, catalog, workers, worker_pool: worker } = mesh.endpoints;
    const proxy: CutProxy = await startCutProxy(scheduler);
    const addresses = { catalog, scheduler: proxy.address, workers: workers ?? worker };
    const through = await connectMesh(addresses as never);
    let cuts = 0;
    const watching = watchUntil(5, through, ({ updates }) => {
      if (updates.length % 2 === 0 && cuts++ < 3) proxy.cut();
    });
    const run = await client.open('sample/run');
    await run.expression('u - mean(u, time)').compute();
    await delay(2_000);
    await run.expression('v - mean(v, time)').compute();
    const watched = await watching;
    through.close();
    proxy.close();

    assert.ok(watched.updates.filter(({ complete }) => complete).length > 1, 'it was cut');
    assert.equal(watched.sum('tasksDone'), tasksOf(watched.jobs));
    for (const numbers of [watched.tasks, watched.events].map((all) => all.map(({ number }) => number)))
      assert.equal(new Set(numbers).size, numbers.length);
    const times = watched.points.map(({ time }) => time!.getTime());
    assert.deepEqual(times, [...new Set(times)].toSorted());
  });

  it('tells a reader that takes nothing for a while the sum of it, and queues nothing for him', async () => {
    // As little is sent ahead as can be: what a slow line does, only sooner.
    const proxy = await startCutProxy(mesh.endpoints.scheduler);
    const slow = connect(SchedulerServiceClient, proxy.address, { readAheadBytes: 1_024 });
    const stream = slow.watchCluster(WatchClusterRequest.fromPartial({ taskRecords: 1000, endedJobs: 1 }));
    const watched = new Watched();
    let resumed = Number.POSITIVE_INFINITY;
    for await (const update of stream) {
      watched.add(update);
      if (update.time!.getTime() > resumed) break;
      if (watched.updates.length > 1) continue;
      proxy.pause();
      for (let n = 0; n < 6; n++) {
        await client.inspect([`${mesh.state}/absent-${n}.nc`]).catch(() => {});
        await delay(1_000);
      }
      resumed = Date.now();
      proxy.resume();
    }
    slow.close();
    proxy.close();
    const { updates } = watched;
    const seconds = updates.map(({ points }) => points.length);
    assert.ok(Math.max(...seconds) >= 3, `one has the points of several seconds: ${seconds}`);
    const inspected = watched.jobs.filter(({ kind }) => kind === JobKind.JOB_KIND_INSPECT);
    assert.deepEqual([inspected.length, inspected.every(hasEnded)], [6, true]);
    const failed = watched.tasks.filter(({ jobId }) => inspected.some((job) => job.jobId === jobId));
    assert.equal(failed.length, 6, 'the failed task of each');
  });

  it('begins anew with another scheduler, and says so', async () => {
    const watched = new Watched();
    let killed = false;
    for await (const update of client.watchCluster({ historySeconds: 600 })) {
      watched.add(update);
      if (!killed) await mesh.kill('scheduler');
      killed = true;
      if (new Set(watched.updates.map(({ epoch }) => epoch)).size === 2 && update.totals?.workers === 2)
        break;
    }
    const after = watched.updates.filter(({ epoch }) => epoch === watched.updates.at(-1)?.epoch);
    assert.equal(after[0].complete, true);
    assert.equal(after.flatMap(({ events }) => events)[0].kind, Kind.CLUSTER_EVENT_KIND_LEADER_CHANGED);
    assert.ok(
      after[0].jobs.some(({ published }) => published === 'watched/mean@1'),
      'jobs are remembered',
    );
  });
});
