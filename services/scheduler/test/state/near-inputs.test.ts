import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { Plan, type PlanRead, StageKind } from '@hyperslab/proto/expression';
import { fetchedOfPersisted } from '../../src/state/near-inputs.ts';
import { chain, definition, exchanging, reading } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

/** Two workers that have two of four persisted blocks each, 8 bytes in each block. */
function startMesh(): SimulatedMesh {
  const mesh = new SimulatedMesh();
  mesh.join('w1', 2);
  mesh.join('w2', 2);
  mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', chain(4)) });
  mesh.drain();
  const table = mesh.state.jobs.get('kept')!.stages[0].tasks!;
  const holders = [0, 1, 2, 3].map((block) => table.workerOf(block));
  assert.equal(holders.filter((holder) => holder === holders[0]).length, 2);
  return mesh;
}

describe('what tasks would get of persisted arrays from other workers', () => {
  it('is nothing where each reads what one worker has', () => {
    assert.equal(fetchedOfPersisted(startMesh().state, reading(chain(4), 'kept', 4)), 0);
  });

  it('is what is not where most of it is', () => {
    const mesh = startMesh();
    assert.equal(fetchedOfPersisted(mesh.state, reading(chain(1), 'kept', 4)), 2 * 8);
    mesh.leave('w2');
    mesh.drain();
    assert.equal(fetchedOfPersisted(mesh.state, reading(chain(1), 'kept', 4)), 0);
  });

  it('is all that there is for more tasks than are looked at, which run anywhere', () => {
    assert.equal(fetchedOfPersisted(startMesh().state, reading(chain(5000), 'kept', 4)), 4 * 8);
  });

  it('is all of those arrays alone that its tasks read, where it is more tasks', () => {
    const mesh = startMesh();
    mesh.send({ type: 'JobAccepted', job: definition('another', 'persist', chain(10)) });
    mesh.drain();
    const [first, second] = ['kept', 'another'].map((id, node) => {
      const { sources, nodes, stages } = reading(chain(5000), id, node === 0 ? 4 : 10);
      const { ranges } = nodes[0].kind!.value as PlanRead;
      return {
        sources,
        nodes: [{ ...nodes[0], kind: { $case: 'read' as const, value: { source: node, ranges } } }],
        stages: [{ ...stages[0], node }],
      };
    });
    const both = Plan.fromPartial({
      sources: [...first.sources, ...second.sources],
      nodes: [...first.nodes, ...second.nodes],
      stages: [...first.stages, ...second.stages],
    });
    assert.equal(fetchedOfPersisted(mesh.state, both), 4 * 8 + 10 * 8);
  });

  it('is what tasks get that exchange it, too', () => {
    assert.equal(fetchedOfPersisted(startMesh().state, exchanging(reading(chain(1), 'kept', 4))), 2 * 8);
  });

  it('is told by a sample of tasks, of all that there are', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 600);
    mesh.join('w2', 600);
    // Of each two maps, one is on each worker.
    const blockGrid = [600, 1, 2].map((extent) => regularRuns(extent, 1));
    const stages = [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 1200, blockGrid }];
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', Plan.fromPartial({ stages })) });
    mesh.drain();
    assert.equal(fetchedOfPersisted(mesh.state, reading(chain(600), 'kept', 1200)), 600 * 8);
  });

  it('is nothing on one worker, however many tasks', () => {
    const mesh = startMesh();
    mesh.leave('w2');
    mesh.drain();
    assert.equal(fetchedOfPersisted(mesh.state, reading(chain(5000), 'kept', 4)), 0);
  });

  it('is nothing of what has no elements', () => {
    const nothing = reading(chain(0), 'kept', 4);
    assert.equal(fetchedOfPersisted(startMesh().state, nothing), 0);
  });

  it('is nothing where nothing persisted is read', () => {
    assert.equal(fetchedOfPersisted(startMesh().state, chain(3, 1)), 0);
  });
});
