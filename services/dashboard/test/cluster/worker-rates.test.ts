import assert from 'node:assert/strict';
import { WorkerInfo } from '@hyperslab/proto/scheduler';
import { WorkerRateTable } from '../../src/cluster/worker-rates.ts';

const info = (uptimeMs: number, cpuMs: number, storageBytesRead: number, storageRequests = 0) =>
  WorkerInfo.fromPartial({ workerId: 'a', report: { uptimeMs, cpuMs, storageBytesRead, storageRequests } });

describe('rates of a worker', () => {
  it('come from two reports by its own clock, and stay while the report does', () => {
    const table = new WorkerRateTable();
    assert.equal(table.update(info(10_000, 1000, 0)).cpu, 0);
    const rates = table.update(info(12_000, 4000, 6_000_000, 8));
    assert.deepEqual(rates, { cpu: 1.5, storageBytes: 3_000_000, storageReads: 4, sent: 0, received: 0 });
    assert.deepEqual(table.update(info(12_000, 4000, 6_000_000, 8)), rates);
    assert.equal(table.update(info(14_000, 5000, 6_000_000, 8)).cpu, 0.5);
  });

  it('fall to zero for one that does nothing', () => {
    const table = new WorkerRateTable();
    table.update(info(1000, 0, 0));
    assert.equal(table.update(info(2000, 500, 0)).cpu, 0.5);
    assert.equal(table.update(info(3000, 500, 0)).cpu, 0);
  });

  it('begin anew for who was restarted, or comes back', () => {
    const table = new WorkerRateTable();
    table.update(info(9000, 4000, 10));
    assert.equal(table.update(info(1000, 5000, 0)).cpu, 0);
    assert.equal(table.update(info(2000, 6000, 0)).cpu, 1);
    table.forget('a');
    assert.equal(table.update(info(3000, 90_000, 0)).cpu, 0);
  });
});
