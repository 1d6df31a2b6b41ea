import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { joinParts, splitParts } from '@hyperslab/expression';
import {
  type LocateBlocksRequest,
  WorkerLinkServiceClient,
  WorkerLinkServiceService,
} from '@hyperslab/proto/scheduler';
import { type BlockFrame, ChunkServiceService, type FetchBlockRequest } from '@hyperslab/proto/worker';
import { connect, duplex, implement, type RunningServer, serve, serverStream, unary } from '@hyperslab/rpc';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import { BlockFinder, type TaskInput } from '../../src/blocks/block-finder.ts';
import { BlockStore } from '../../src/blocks/block-store.ts';
import { Peers } from '../../src/blocks/peers.ts';
import { SpillFolder } from '../../src/blocks/spill-folder.ts';

const never = new AbortController().signal;
const key = (listing: string) => ({ jobId: 'j', stage: 1, task: 0, listing });

function textOf({ bytes }: TaskInput): string {
  return Buffer.from(bytes).toString();
}

describe('block finder', () => {
  const located: LocateBlocksRequest[] = [];
  let fetched: FetchBlockRequest[] = [];
  let lost: string[] = [];
  /** Where the scheduler says that blocks are. */
  let place: string;
  let answer: (request: FetchBlockRequest) => Promise<string | Uint8Array>;
  let server: RunningServer;
  let folder: string;
  let store: BlockStore;
  let finder: BlockFinder;
  /** When the task that makes what is asked for has ended, if it runs here. */
  let ending: Promise<void> | undefined;
  const peers = new Peers({ sent: 0, received: 0 });
  let scheduler: WorkerLinkServiceClient;

  before(async () => {
    const unused = serverStream(async function* () {});
    server = await serve({
      service: 'test',
      bind: '127.0.0.1',
      port: 0,
      log: createLogger('test', { level: 'silent' }),
      metrics: createMetrics(),
      requestTimeoutMs: 5_000,
      services: [
        implement(WorkerLinkServiceService, {
          connect: duplex(async function* () {}),
          locateBlocks: unary((request) => {
            located.push(request);
            return { addresses: [place], locations: [0] };
          }),
          describeResult: unary(() => ({ result: undefined, stage: 0, tasks: 0, blocksOf: '' })),
        }),
        implement(ChunkServiceService, {
          readResult: unused,
          readArray: unused,
          fetchBlock: serverStream(async function* (request): AsyncGenerator<BlockFrame> {
            fetched.push(request);
            const data = Buffer.from((await answer(request)) as Uint8Array);
            yield { data, totalBytes: data.length, crc32: crc32(data), kernelVersion: 'of the peer' };
          }),
        }),
      ],
    });
    place = server.address;
    scheduler = connect(WorkerLinkServiceClient, server.address);
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-finder-'));
  });

  beforeEach(async () => {
    fetched = [];
    lost = [];
    store = new BlockStore(await SpillFolder.open(folder), 1000);
    const own = { address: 'here:1', kernelVersion: 'our own' };
    const onLost = ({ listing }: { listing: string }) => lost.push(listing);
    const times = { firstMs: 1, longestMs: 2, silentMs: 5 };
    finder = new BlockFinder({ store, peers, scheduler, own, onLost, ending: () => ending, times });
  });

  after(async () => {
    scheduler.close();
    peers.close();
    await server.stop(100);
    await rm(folder, { recursive: true });
  });

  it('never takes a block of one listing for that of another', async () => {
    answer = async ({ listing }) => `block of ${listing}`;
    const read = async (listing: string) => textOf(await finder.forTask(key(listing), never));
    assert.equal(await read('old'), 'block of old');
    assert.equal(await read('new'), 'block of new');
    assert.equal(await read('old'), 'block of old');
    assert.equal(fetched.length, 2);
    await store.put(key('older'), Buffer.from('held'));
    assert.equal(await read('newer'), 'block of newer');
    assert.equal(located.at(-1)?.listing, 'newer');
  });

  it('goes on with a fetch for one task when the other that began it is aborted', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    answer = () => promise;
    const first = new AbortController();
    const one = finder.forTask(key('a'), first.signal);
    await new Promise((done) => setImmediate(done));
    const two = finder.forTask(key('a'), never);
    first.abort(new Error('gone'));
    await assert.rejects(one, /gone/);
    resolve('all there');
    assert.equal(textOf(await two), 'all there');
    assert.equal(fetched.length, 1);
  });

  it('fetches for a task that alone reads a block into memory of its own', async () => {
    answer = async () => 'partial result';
    fetched.length = 0;
    for (let time = 1; time <= 2; time++) {
      const input = await finder.forTask(key('alone'), never, true);
      assert.equal(textOf(input), 'partial result');
      assert.ok(input.isOwn && input.bytes.buffer instanceof ArrayBuffer);
      assert.equal(fetched.length, time);
    }
    await store.put(key('kept'), Buffer.from('held'));
    assert.equal((await finder.forTask(key('kept'), never, true)).isOwn, false);
  });

  it('counts the time in which blocks are on their way from others, and none for those that are here', async () => {
    const before = peers.receivingSeconds;
    await store.put(key('here'), Buffer.from('held'));
    await finder.forTask(key('here'), never);
    assert.equal(peers.receivingSeconds, before);
    let underway = 0;
    answer = async () => {
      await new Promise((done) => setTimeout(done, 5));
      underway = peers.receivingSeconds;
      return 'there';
    };
    await finder.forTask(key('of another'), never);
    const after = peers.receivingSeconds;
    assert.ok(before < underway && underway < after);
    answer = async () => {
      throw new HyperslabError('BLOCK_NOT_FOUND', 'gone');
    };
    await assert.rejects(finder.forTask(key('gone'), never));
    const failed = peers.receivingSeconds;
    assert.ok(failed > after);
    await new Promise((done) => setTimeout(done, 5));
    assert.equal(peers.receivingSeconds, failed, 'a fetch that failed has ended');
  });

  it('never has a block of our own moved to a thread, even if it is made here while its place is asked for', async () => {
    const before = place;
    place = 'here:1';
    try {
      const made = finder.forTask(key('made'), never, true);
      await store.put(key('made'), new Uint8Array(8).fill(7));
      const input = await made;
      assert.deepEqual([...input.bytes], new Array(8).fill(7));
      assert.equal(input.isOwn, false);
    } finally {
      place = before;
    }
  });

  it('tells a reader which kernels made a block', async () => {
    answer = async () => 'there';
    const made = async () => (await finder.forReader(key(''), never)).kernelVersion;
    assert.equal(await made(), 'of the peer');
    await store.put(key(''), Buffer.from('here'));
    assert.equal(await made(), 'our own');
  });

  it('waits for a block that is being made here, and asks nobody', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    ending = promise;
    located.length = 0;
    const reader = new AbortController();
    const gone = finder.forReader(key('mine'), reader.signal);
    reader.abort(new Error('gone'));
    await assert.rejects(gone, /gone/);
    const block = finder.forReader(key('mine'), never);
    await store.put(key('mine'), Buffer.from('made here'));
    resolve();
    assert.equal(Buffer.from((await block).bytes).toString(), 'made here');
    assert.equal(located.length, 0);
    // Its task failed: others make it.
    answer = async () => 'made there';
    assert.equal(Buffer.from((await finder.forReader(key('other'), never)).bytes).toString(), 'made there');
    ending = undefined;
  });

  it('gives up for a reader after so many tries, with what it failed at', async () => {
    answer = async () => {
      throw new HyperslabError('BLOCK_NOT_FOUND', 'not here');
    };
    await assert.rejects(finder.forReader(key(''), never), (error) => {
      assert.ok(isHyperslabError(error, 'UNAVAILABLE'));
      assert.match(error.message, /block 1\/0 of job j.*20 tries.*not here/);
      return true;
    });
    assert.equal(fetched.length, 20);
  });

  it('says that a block is lost which the scheduler takes to be here', async () => {
    place = 'here:1';
    await assert.rejects(finder.forTask(key('x'), never), (error) =>
      isHyperslabError(error, 'BLOCK_NOT_FOUND'),
    );
    assert.deepEqual(new Set(lost), new Set(['x']));
    place = server.address;
  });

  it('tells the scheduler of a holder that does not answer for a while', async () => {
    place = '127.0.0.1:1';
    located.length = 0;
    await assert.rejects(finder.forReader(key(''), never), (error) => isHyperslabError(error, 'UNAVAILABLE'));
    const said = located.filter(({ unreachable }) => unreachable.length > 0);
    assert.deepEqual(new Set(said.flatMap(({ unreachable }) => unreachable)), new Set(['127.0.0.1:1']));
    assert.ok(said.length > 0 && said.length < located.length);
    place = server.address;
  });

  it('gives a holder up that takes a request and says nothing, as a process that was stopped', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    place = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
    located.length = 0;
    const times = { firstMs: 1, longestMs: 2, silentMs: 5, peerSilenceMs: 20 };
    const own = { address: 'here:1', kernelVersion: 'our own' };
    const impatient = new BlockFinder({
      store,
      peers,
      scheduler,
      own,
      onLost: () => undefined,
      ending: () => undefined,
      times,
    });
    try {
      await assert.rejects(impatient.forReader(key(''), never), (error) =>
        isHyperslabError(error, 'UNAVAILABLE'),
      );
      assert.ok(located.some(({ unreachable }) => unreachable.includes(place)));
    } finally {
      place = server.address;
      for (const socket of sockets) socket.destroy();
      mute.close();
    }
  });

  it('gets parts of blocks in one request from each who holds some, and one by one when they are not there', async () => {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
    const partBlock = (...texts: string[]) =>
      joinParts(texts.map((each) => ({ bytes: Buffer.from(each), crc32: crc32(Buffer.from(each)) })));
    await store.put({ ...key('parts'), task: 0 }, partBlock('0.0', '0.1'));
    let isLost = true;
    answer = async ({ parts }) => {
      const { tasks, parts: numbers } = parts!;
      if (tasks.length > 1 && isLost) throw new HyperslabError('BLOCK_NOT_FOUND', 'one of them');
      return partBlock(...tasks.map((task, at) => `${task}.${numbers[at]}`));
    };
    const wanted = { ...key('parts'), parts: { tasks: [1, 0, 2, 0], parts: [3, 1, 4, 0] } };
    const read = async () => {
      const { bytes, isOwn } = await finder.forTask(wanted, never);
      assert.equal(isOwn, true);
      return splitParts(bytes).map((part) => text(part.bytes));
    };
    assert.deepEqual(await read(), ['1.3', '0.1', '2.4', '0.0']);
    assert.deepEqual(
      fetched.map(({ parts }) => parts?.tasks),
      [[1, 2], [1], [2]],
    );
    fetched = [];
    isLost = false;
    assert.deepEqual(await read(), ['1.3', '0.1', '2.4', '0.0']);
    assert.deepEqual(
      fetched.map(({ parts }) => parts?.tasks),
      [[1, 2]],
    );
  });
});
