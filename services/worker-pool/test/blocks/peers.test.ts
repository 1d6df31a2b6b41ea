import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type BlockFrame, ChunkServiceService } from '@hyperslab/proto/worker';
import { implement, type RunningServer, serve, serverStream } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { Peers } from '../../src/blocks/peers.ts';

const { signal: never } = new AbortController();
const key = { jobId: 'j', stage: 1, task: 0, listing: '' };

/** A way to a server which counts the connections that came by it. */
class Door {
  connections = 0;
  readonly #sockets = new Set<Socket>();
  readonly #listener: Server;

  private constructor(port: number) {
    this.#listener = createServer((incoming) => {
      this.connections++;
      const outgoing = connect(port, '127.0.0.1');
      for (const socket of [incoming, outgoing]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
      }
      incoming.pipe(outgoing).pipe(incoming);
    });
  }

  static async open(port: number): Promise<Door> {
    const door = new Door(port);
    door.#listener.listen(0, '127.0.0.1');
    await once(door.#listener, 'listening');
    return door;
  }

  get address(): string {
    return `127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe('peers of a worker', () => {
  let server: RunningServer;
  let doors: Door[];
  let peers: Peers;
  /** When the peer sends what it was asked for. */
  let answering: Promise<void>;
  const peer = new EventEmitter();

  beforeEach(async () => {
    answering = Promise.resolve();
    const unused = serverStream(async function* () {});
    const service = implement(ChunkServiceService, {
      readResult: unused,
      readArray: unused,
      fetchBlock: serverStream(async function* (): AsyncGenerator<BlockFrame> {
        const answer = answering;
        peer.emit('asked');
        await answer;
        const data = Buffer.from('block');
        yield { data, totalBytes: data.length, crc32: crc32(data), kernelVersion: '1' };
      }),
    });
    const log = createLogger('test', { level: 'silent' });
    server = await serve({ service: 'test', bind: '127.0.0.1', port: 0, services: [service], log });
    doors = await Promise.all([0, 1, 2].map(() => Door.open(server.port)));
    peers = new Peers({ sent: 0, received: 0 }, 2);
  });

  afterEach(async () => {
    peers.close();
    for (const door of doors) door.close();
    await server.stop(0);
  });

  const fetch = async (door: number, silenceMs?: number) => {
    const { bytes } = await peers.fetch(doors[door].address, key, never, { silenceMs });
    return Buffer.from(bytes).toString();
  };

  it('are dialled again only when so many others were asked since', async () => {
    for (const door of [0, 1, 0, 2, 0]) assert.equal(await fetch(door), 'block');
    assert.deepEqual(
      doors.map(({ connections }) => connections),
      [1, 1, 1],
    );
    assert.equal(await fetch(1), 'block');
    assert.equal(doors[1].connections, 2);
  });

  it('stay connected while a block comes from them, however many others are asked and long it takes', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answering = promise;
    const [slow] = [fetch(0, 200), await once(peer, 'asked')];
    answering = Promise.resolve();
    for (const door of [1, 2, 1, 2]) assert.equal(await fetch(door), 'block');
    // It is asked several times whether it is there.
    await sleep(500);
    resolve();
    assert.equal(await slow, 'block');
  });

  it('are given up, and nothing else happens, when they are silent as the worker ends', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answering = promise;
    const [slow] = [fetch(0, 20), await once(peer, 'asked')];
    peers.close();
    await assert.rejects(slow, /does not answer/);
    resolve();
  });
});
