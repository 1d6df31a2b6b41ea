import assert from 'node:assert/strict';
import { createMetrics } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { MemoryBackup } from './memory-backup.ts';
import { eventually, publish, temporaryCatalog } from './temporary-catalog.ts';

describe('the metrics of a catalog', () => {
  it('tell of events that wait for a backup that is away', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const metrics = createMetrics();
      const catalog = await temporaryCatalog(folder, backup, metrics);
      const shown = () =>
        ['versions', 'pending_events', 'refuses_changes'].map((name) =>
          Number(new RegExp(`^hyperslab_catalog_${name} (.*)$`, 'm').exec(metrics.text())?.[1]),
        );
      try {
        await publish(catalog, 'a', { name: 'run' });
        await eventually(() => assert.deepEqual(shown(), [1, 0, 0]));
        // It goes away when the event is in the outbox already.
        backup.beforeAnswer = () => {
          backup.reachable = false;
        };
        await assert.rejects(publish(catalog, 'b', { name: 'run' }), { reason: 'UNAVAILABLE' });
        await eventually(() => assert.deepEqual(shown(), [1, 1, 1]));
        backup.beforeAnswer = () => {};
        backup.reachable = true;
        await eventually(() => assert.deepEqual(shown(), [2, 0, 0]));
      } finally {
        await catalog.close();
      }
      shown();
    }));
});
