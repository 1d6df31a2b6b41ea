import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { isHyperslabError } from '@hyperslab/errors';
import { ChunkServiceClient } from '@hyperslab/proto/worker';
import { connect } from '@hyperslab/rpc/calls';
import { unlessSilent } from '../src/unless-silent.ts';
import { withStandIn } from './stand-in-mesh.ts';

/** A stream that yields once and then nothing until it is told to stop, as a call on a dead connection. */
async function* oneFrame(signal: AbortSignal): AsyncGenerator<number> {
  yield 1;
  await once(signal, 'abort');
  throw signal.reason;
}

async function drain(frames: AsyncGenerator<number>, seen: number[]): Promise<void> {
  for await (const frame of frames) seen.push(frame);
}

describe('the stream of a silent worker', () => {
  it('is given up when the worker answers nothing either', async () => {
    // As a stopped process: the kernel takes connections, and nothing ever comes.
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const worker = connect(ChunkServiceClient, address);
    const seen: number[] = [];
    try {
      await assert.rejects(
        () => drain(unlessSilent(worker, oneFrame, { silenceMs: 100 }), seen),
        (error) => isHyperslabError(error, 'UNAVAILABLE') && error.message.includes(address),
      );
      assert.deepEqual(seen, [1]);
    } finally {
      worker.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  it('is given up when its client was closed, as that of a pod which is not ready any more', async () => {
    await withStandIn({}, async (_, address) => {
      const worker = connect(ChunkServiceClient, address);
      worker.close();
      await assert.rejects(
        () => drain(unlessSilent(worker, oneFrame, { silenceMs: 20 }), []),
        (error) => isHyperslabError(error, 'UNAVAILABLE') && error.message.includes(address),
      );
    });
  });

  it('goes on while the worker is there, until whoever is asked says otherwise', async () => {
    await withStandIn({}, async (_, address) => {
      const worker = connect(ChunkServiceClient, address);
      const enough = new Error('enough');
      const silences: number[] = [];
      const onSilence = async (silentMs: number) => {
        silences.push(silentMs);
        if (silences.length === 2) throw enough;
      };
      try {
        await assert.rejects(
          () => drain(unlessSilent(worker, oneFrame, { onSilence, silenceMs: 100 }), []),
          enough,
        );
        assert.deepEqual(silences, [100, 200]);
      } finally {
        worker.close();
      }
    });
  });
});
