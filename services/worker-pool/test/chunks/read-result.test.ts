import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBlock } from '@hyperslab/expression';
import { ResultDescription } from '@hyperslab/proto/expression';
import { WorkerLinkServiceClient, WorkerLinkServiceService } from '@hyperslab/proto/scheduler';
import { connect, duplex, implement, serve, unary } from '@hyperslab/rpc';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import type { BlockFinder } from '../../src/blocks/block-finder.ts';
import { readResult } from '../../src/chunks/read-result.ts';

describe('reading a result', () => {
  it('tells the scheduler now and then that it is read, wherever its blocks are', async () => {
    const blocks = 6;
    const result = ResultDescription.fromPartial({
      name: 't',
      dtype: 'int8',
      dimensions: ['x'],
      shape: [blocks],
      blockGrid: [{ sizes: [1], counts: [blocks] }],
    });
    let described = 0;
    const server = await serve({
      service: 'test',
      bind: '127.0.0.1',
      port: 0,
      log: createLogger('test', { level: 'silent' }),
      metrics: createMetrics(),
      requestTimeoutMs: 5_000,
      services: [
        implement(WorkerLinkServiceService, {
          connect: duplex(async function* () {}),
          locateBlocks: unary(() => ({ addresses: [], locations: [] })),
          describeResult: unary(() => {
            described++;
            return { result, stage: 0, tasks: blocks, blocksOf: 'lender' };
          }),
        }),
      ],
    });
    const scheduler = connect(WorkerLinkServiceClient, server.address);
    const bytes = encodeBlock([{ dtype: 'int8', shape: [1], values: Int8Array.of(1) }]);
    const finder = { forReader: async () => ({ bytes, kernelVersion: '1' }) } as unknown as BlockFinder;
    const request = { jobId: 'j', firstBlock: 0, blocks: 0 };
    let read = 0;
    for await (const { block } of readResult(scheduler, finder, request, new AbortController().signal, 20)) {
      if (block === undefined) continue;
      read++;
      await sleep(30);
    }
    assert.equal(read, blocks);
    assert.ok(described >= 4, `it was said ${described} times`);
    scheduler.close();
    await server.stop(100);
  });
});
