import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rendezvous } from '../../src/state/rendezvous.ts';
import { chain, definition, readingChunks } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

/** Which worker each task of a job goes to, when all do one task after the other. */
function placesIn(mesh: SimulatedMesh, id: string, plan = readingChunks(40)): Map<number, string> {
  const places = new Map<number, string>();
  const look = () => {
    for (const [worker, { queue }] of mesh.workers)
      for (const { jobId, task } of queue) if (jobId === id) places.set(task, worker);
  };
  mesh.send({ type: 'JobAccepted', job: definition(id, 'compute', plan) });
  look();
  while (mesh.state.jobs.get(id)?.phase === 'running') {
    for (const worker of mesh.workers.keys()) {
      mesh.finish(worker);
      look();
    }
  }
  return places;
}

function startMesh(...workers: string[]): SimulatedMesh {
  const mesh = new SimulatedMesh();
  for (const worker of workers) mesh.join(worker);
  return mesh;
}

describe('placement of tasks', () => {
  it('is where the chunks were read before, but for those that idle workers take', () => {
    const mesh = startMesh('a', 'b');
    const [first, second] = ['one', 'two'].map((id) => placesIn(mesh, id));
    const same = [...first].filter(([task, worker]) => second.get(task) === worker).length;
    assert.equal(first.size, 40);
    assert.ok(same >= 34, `${same} of 40`);
    assert.ok([...first.values()].filter((worker) => worker === 'a').length >= 12);
  });

  it('of a single task is the same, whoever else has room, unless only others have', () => {
    const mesh = startMesh('a', 'b', 'c');
    const chunk = 7;
    const holder = placesIn(mesh, 'one', readingChunks(1, chunk)).get(0)!;
    for (let n = 0; n < 5; n++)
      assert.equal(placesIn(mesh, `again ${n}`, readingChunks(1, chunk)).get(0), holder);
    // It gets more than it can run.
    mesh.send({ type: 'JobAccepted', job: definition('busy', 'compute', chain(100)) });
    const task = {
      type: 'JobAccepted' as const,
      job: definition('late', 'compute', readingChunks(1, chunk), 'other'),
    };
    mesh.send(task);
    assert.ok([...mesh.workers.values()].some(({ queue }) => queue.some(({ jobId }) => jobId === 'late')));
    mesh.drain();
    assert.equal(mesh.state.jobs.get('late')?.phase, 'succeeded');
  });

  it('keeps no list of very many tasks, which go in runs', () => {
    const mesh = startMesh('a', 'b');
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', readingChunks(100_000)) });
    assert.equal(mesh.state.jobs.get('j')?.stages[0].places?.size, 0);
  });

  it('is known no more of a job that is over, and is worked out anew for one that begins again', () => {
    const mesh = startMesh('a', 'b');
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', readingChunks(40)) });
    mesh.send({ type: 'JobAccepted', job: definition('over', 'compute', readingChunks(40), 'other') });
    mesh.drain();
    const [kept, over] = ['kept', 'over'].map((id) => mesh.state.jobs.get(id)!);
    mesh.send({ type: 'ReleaseRequested', jobId: 'over' });
    assert.deepEqual([over.released, over.stages[0].places], [true, undefined]);
    for (const id of ['a', 'b']) mesh.leave(id);
    for (const id of ['c', 'd']) mesh.join(id, 2, { kernelVersion: '2' });
    mesh.now += 5_000;
    mesh.send({ type: 'Tick' });
    const there = [...mesh.state.workersByOrdinal.keys()];
    assert.deepEqual([...kept.stages[0].places!.keys()].sort(), there.sort());
  });

  it('leaves no worker idle while tasks wait', () => {
    const mesh = startMesh('a', 'b', 'c', 'd');
    // Of few chunks some workers have none.
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', readingChunks(8)) });
    assert.deepEqual(
      [...mesh.workers.values()].map(({ queue }) => queue.length),
      [2, 2, 2, 2],
    );
  });

  it('changes for the share of a worker alone when it comes or goes', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-f0-9/,]{1,20}$/), { minLength: 1, maxLength: 50 });
    const ports = fc.uniqueArray(fc.integer({ min: 1000, max: 60_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(names, ports, (chunks, [gone, ...others]) => {
        const workerAt = (port: number) => ({ address: `127.0.0.1:${port}` });
        const [before, after] = [[gone, ...others], others.toReversed()].map((all) => all.map(workerAt));
        for (const chunk of chunks) {
          const { address } = rendezvous(chunk, before);
          const now = rendezvous(chunk, after).address;
          if (address === workerAt(gone).address) assert.ok(after.some((worker) => worker.address === now));
          else assert.equal(now, address);
        }
      }),
    );
  });

  it('gives each worker about its share', () => {
    const workers = [1, 2, 3, 4].map((n) => ({ address: `127.0.0.1:1770${n}` }));
    const counts = new Map<string, number>();
    for (let chunk = 0; chunk < 1000; chunk++) {
      const { address } = rendezvous(`ab/t/${chunk},0,0`, workers);
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    for (const count of counts.values()) assert.ok(count > 190 && count < 310, String([...counts]));
  });
});
