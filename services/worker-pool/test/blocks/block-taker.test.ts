import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import type { BlocksTaken } from '@hyperslab/proto/scheduler';
import { type BlockFrame, ChunkServiceService, type FetchBlockRequest } from '@hyperslab/proto/worker';
import { implement, serve, serverStream } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { BlockStore } from '../../src/blocks/block-store.ts';
import { BlockTaker } from '../../src/blocks/block-taker.ts';
import { Peers } from '../../src/blocks/peers.ts';
import { SpillFolder } from '../../src/blocks/spill-folder.ts';

const log = createLogger('worker-pool', { level: 'silent' });

/** A worker that takes blocks from a peer which answers as it is told. */
async function withTaker(
  answer: (request: FetchBlockRequest) => Promise<string>,
  act: (parts: {
    taker: BlockTaker;
    store: BlockStore;
    take: (tasks: number[]) => Promise<BlocksTaken>;
  }) => Promise<void>,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const unused = serverStream(async function* () {});
    const service = implement(ChunkServiceService, {
      readResult: unused,
      readArray: unused,
      fetchBlock: serverStream(async function* (request): AsyncGenerator<BlockFrame> {
        const data = Buffer.from(await answer(request));
        yield { data, totalBytes: data.length, crc32: crc32(data), kernelVersion: '1' };
      }),
    });
    const server = await serve({ service: 'test', bind: '127.0.0.1', port: 0, services: [service], log });
    const peers = new Peers({ sent: 0, received: 0 });
    const store = new BlockStore(await SpillFolder.open(join(folder, 'workers')), 1_000);
    const { promise, resolve } = Promise.withResolvers<BlocksTaken>();
    const taker = new BlockTaker({
      store,
      peers,
      fingerprintOf: (id) => `plan of ${id}`,
      log,
      report: resolve,
    });
    const take = (tasks: number[]) => {
      taker.take({ from: server.address, jobId: 'j', stage: 1, tasks, listing: 'l' });
      return promise;
    };
    try {
      await act({ taker, store, take });
    } finally {
      peers.close();
      await server.stop(0);
    }
  });
}

const key = (task: number) => ({ jobId: 'j', stage: 1, task, listing: 'l' });

describe('block taker', () => {
  it('holds what it was asked for, and says so', () =>
    withTaker(
      async ({ task, listing }) => `block ${task} of ${listing}`,
      async ({ store, take }) => {
        const { blocks } = await take([3, 1, 4, 15, 9, 2]);
        assert.deepEqual([...blocks!.tasks].sort(), [1, 15, 2, 3, 4, 9]);
        assert.equal(blocks?.fingerprint, 'plan of j');
        for (const [at, task] of blocks!.tasks.entries()) {
          const bytes = (await store.get(key(task)))!.bytes;
          assert.equal(Buffer.from(bytes).toString(), `block ${task} of l`);
          assert.equal(blocks?.sizes[at], bytes.length);
        }
      },
    ));

  it('asks again when a peer does not answer at once', () => {
    let asked = 0;
    return withTaker(
      async () => {
        asked++;
        if (asked < 3) throw new HyperslabError('UNAVAILABLE', 'not now');
        return 'block';
      },
      async ({ take }) => {
        assert.deepEqual((await take([0])).blocks?.tasks, [0]);
        assert.equal(asked, 3);
      },
    );
  });

  for (const reason of ['BLOCK_NOT_FOUND', 'CHECKSUM_MISMATCH'] as const)
    it(`passes over a block that answers ${reason}`, () =>
      withTaker(
        async ({ task }) => {
          if (task === 2) throw new HyperslabError(reason, 'can not be read');
          return 'block';
        },
        async ({ take }) => {
          const { blocks } = await take([...Array(20).keys()]);
          const others = [...Array(20).keys()].filter((task) => task !== 2);
          assert.deepEqual(
            [...blocks!.tasks].sort((a, b) => a - b),
            others,
          );
        },
      ));

  it('leaves to others what comes after a block that it can not get or hold', () =>
    withTaker(
      async ({ task }) => {
        if (task === 7) throw new HyperslabError('DISK_FULL', 'no room');
        return 'block';
      },
      async ({ store, take }) => {
        const { blocks } = await take([7, ...Array(60).keys()].filter((task, at) => at === 0 || task !== 7));
        assert.ok(!blocks!.tasks.includes(7) && blocks!.tasks.length < 59);
        for (const task of blocks!.tasks) assert.ok(await store.get(key(task)));
      },
    ));

  it('holds nothing of a job that is forgotten meanwhile', () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    return withTaker(
      async () => {
        await released;
        return 'block';
      },
      async ({ taker, store, take }) => {
        const taken = take([0, 1]);
        await sleep(50);
        taker.forget('j', [2]);
        taker.forget('j', [1]);
        store.forget('j', 1);
        release();
        assert.deepEqual((await taken).blocks?.tasks, []);
        assert.equal(store.memoryBytes, 0);
      },
    );
  });
});
