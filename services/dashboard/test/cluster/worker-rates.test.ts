import assert from 'node:assert/strict';
import { WorkerInfo } from '@hyperslab/proto/scheduler';
import { WorkerRateTable } from '../../src/cluster/worker-rates.ts';

const info = (cpuMs: number, storageBytesRead: number) =>
  WorkerInfo.fromPartial({ workerId: 'a', report: { cpuMs, storageBytesRead, rss: cpuMs } });

describe('rates of a worker', () => {
  it('come from two reports, and stay while the report does', () => {
    const table = new WorkerRateTable();
    assert.equal(table.update(info(1000, 0), 10_000).cpu, 0);
    const rates = table.update(info(4000, 6_000_000), 12_000);
    assert.equal(rates.cpu, 1.5);
    assert.equal(rates.storageBytes, 3_000_000);
    assert.deepEqual(table.update(info(4000, 6_000_000), 13_000), rates);
    assert.equal(table.update(info(5000, 6_000_000), 14_000).cpu, 0.5);
  });

  it('are never negative, and begin anew for who comes back', () => {
    const table = new WorkerRateTable();
    table.update(info(4000, 10), 1000);
    assert.equal(table.update(info(100, 0), 2000).cpu, 0);
    table.forget('a');
    assert.equal(table.update(info(90_000, 0), 3000).cpu, 0);
  });
});
