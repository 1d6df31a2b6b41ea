import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { isHyperslabError } from '@hyperslab/errors';
import { BackupServiceClient, JournalName } from '@hyperslab/proto/backup';
import { isAnswering } from '../src/calls.ts';
import { call, connect, openStream } from '../src/index.ts';

const headers = { ':status': 200, 'content-type': 'application/grpc' };
const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = constants;

/** Ways in which a server that goes, or a proxy before it, ends a call without a status. */
const endings: Record<string, (stream: ServerHttp2Stream, session: ServerHttp2Session) => void> = {
  'resets its stream': (stream) => stream.close(NGHTTP2_NO_ERROR),
  'resets it after its headers': (stream) => {
    stream.respond(headers, { endStream: false });
    stream.close(NGHTTP2_NO_ERROR);
  },
  'ends it after its headers': (stream) => {
    stream.respond(headers);
    stream.end();
  },
  'refuses it': (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  'ends its session': (_stream, session) => session.destroy(),
  'cuts its session off': (_stream, session) => session.destroy(undefined, NGHTTP2_CANCEL),
  'ends its connection': (_stream, session) => session.socket.destroy(),
};

describe('a call that is ended without a status', () => {
  for (const [how, end] of Object.entries(endings))
    it(`is of a service that is away: one that ${how}`, async () => {
      let calls = 0;
      const server = createServer();
      server.on('sessionError', () => {});
      server.on('stream', (stream: ServerHttp2Stream) => {
        stream.on('error', () => {});
        calls++;
        end(stream, stream.session as ServerHttp2Session);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const client = connect(BackupServiceClient, `127.0.0.1:${(server.address() as AddressInfo).port}`);
      try {
        const request = { journal: JournalName.JOURNAL_NAME_CATALOG, fromSequence: 0 };
        const isAway = (error: unknown) => isHyperslabError(error, 'UNAVAILABLE');
        await assert.rejects(call(client, 'getPosition', {}), isAway);
        await assert.rejects(openStream(client, 'replay', request).next(), isAway);
        assert.equal(await isAnswering(client, 500), false);
        const before = calls;
        await assert.rejects(call(client, 'getPosition', {}, { retry: true, deadlineMs: 500 }));
        assert.ok(calls - before > 1, 'nothing was repeated');
      } finally {
        client.close();
        server.close();
      }
    });

  it('is of a service that is away: one behind whose port another program speaks', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      const noSettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
      socket.write(noSettings);
      // By then the call is under way.
      setTimeout(() => socket.write('no HTTP/2'.repeat(10)), 20);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect(BackupServiceClient, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      await assert.rejects(call(client, 'getPosition', {}), (error) =>
        isHyperslabError(error, 'UNAVAILABLE'),
      );
    } finally {
      client.close();
      server.close();
    }
  });
});
