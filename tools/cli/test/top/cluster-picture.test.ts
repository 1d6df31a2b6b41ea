import assert from 'node:assert/strict';
import { ClusterEventKind } from '@hyperslab/proto/scheduler';
import { type ClusterPicture, withUpdate } from '../../src/top/cluster-picture.ts';
import { jsonPicture } from '../../src/top/json-picture.ts';
import { update } from './example-updates.ts';

describe('the picture of a cluster', () => {
  it('is put together of updates: what is gone is left out, what is new is added', () => {
    let picture = withUpdate(undefined, update(0));
    assert.deepEqual([...picture.workers.keys(), ...picture.jobs.keys()], ['w', 'j']);
    picture = withUpdate(picture, update(1, { jobsGone: ['j'], workers: [] }));
    assert.deepEqual([picture.workers.size, picture.jobs.size, picture.points.length], [1, 0, 2]);
    picture = withUpdate(picture, update(2, { workers: [], workersGone: ['w'] }));
    assert.equal(picture.workers.size, 0);
    picture = withUpdate(picture, update(3, { complete: true, jobs: [{ jobId: 'k' }], workers: [] }));
    assert.deepEqual([...picture.jobs.keys()], ['k'], 'after a lost connection');
    picture = withUpdate(picture, update(3, { complete: true, jobs: [{ jobId: 'l' }], workers: [] }));
    assert.deepEqual([...picture.jobs.keys()], ['k', 'l'], 'the second message of the same update');
  });

  it('has rates by the clock of the worker, however late its reports come', () => {
    let picture = withUpdate(undefined, update(0));
    assert.equal(picture.workers.get('w')?.rates, undefined);
    picture = withUpdate(picture, { ...update(2), time: new Date(100) });
    const rates = {
      cores: 0.75,
      networkSent: 2 ** 21,
      networkReceived: 0,
      storageBytes: 2 ** 20,
      storageReads: 0,
    };
    assert.deepEqual(picture.workers.get('w')?.rates, rates);
    picture = withUpdate(picture, { ...update(2), time: new Date(200) });
    assert.deepEqual(picture.workers.get('w')?.rates, rates, 'the same report once more tells nothing new');
  });

  it('keeps two minutes of points', () => {
    let picture: ClusterPicture | undefined;
    for (let second = 0; second < 200; second++) picture = withUpdate(picture, update(second));
    assert.equal(picture?.points.length, 120);
  });

  it('is JSON with the memory of each worker by kind', () => {
    const news = update(1, {
      events: [
        {
          number: 3,
          time: new Date(0),
          kind: ClusterEventKind.CLUSTER_EVENT_KIND_SCALED,
          message: 'm',
          scaling: { current: 1, wanted: 2 },
        },
      ],
    });
    const json = jsonPicture(withUpdate(withUpdate(undefined, update(0)), news), news);
    const { rss, limit, blocks, cache, buffers, heap, other } = json.workers[0].memory!;
    assert.deepEqual(
      [rss, limit, blocks, cache, buffers, heap, other].map((bytes) => bytes / 2 ** 20),
      [400, 1000, 100, 50, 50, 100, 100],
    );
    assert.equal(json.workers[0].rates?.cores, 0.75);
    assert.equal(json.points[0].storage_bytes, 2 ** 20);
    assert.deepEqual(
      json.events.map(({ kind, scaling }) => [kind, scaling?.wanted]),
      [['scaled', 2]],
    );
    assert.deepEqual([json.jobs[0].kind, json.totals.tasks_queued, json.scaling], ['compute', 40, null]);
  });
});
