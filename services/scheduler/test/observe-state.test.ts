import assert from 'node:assert/strict';
import { createMetrics } from '@hyperslab/telemetry';
import { observeState } from '../src/observe-state.ts';
import { chain, definition } from './state/example-plans.ts';
import { SimulatedMesh } from './state/simulated-mesh.ts';

describe('the metrics of the scheduler', () => {
  it('have the figures that a number of workers can be decided by', () => {
    const mesh = new SimulatedMesh();
    const metrics = createMetrics();
    observeState(metrics, mesh.state, mesh.history);
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(50)) });
    mesh.now += 2_000;
    mesh.finish('a', 0, 2_000);
    const shown = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(metrics.text())?.[1];
    assert.equal(shown('hyperslab_scheduler_queued_slot_seconds'), '98');
    assert.equal(shown('hyperslab_scheduler_running_tasks'), '4');
    assert.equal(shown('hyperslab_scheduler_queued_tasks'), '45');
    assert.equal(shown('hyperslab_scheduler_held_bytes'), '8');
    assert.equal(shown('hyperslab_scheduler_slots'), '4');
    mesh.send({ type: 'WorkerDraining', workerId: 'a' });
    assert.equal(shown('hyperslab_scheduler_slots'), '0', 'who is about to go takes no more');
  });
});
