import type { HyperslabError } from '@hyperslab/errors';
import type { ClientOptions, WebSocket } from 'ws';

/** Streams of bytes in one WebSocket: the first byte of a message is the number of its stream. */
const protocol = 'v4.channel.k8s.io';
const openTimeoutMs = 10_000;

/** A WebSocket to the API server. */
export interface ApiSocket {
  /** `done` is called when the bytes have gone out. */
  send(stream: number, bytes: Buffer, done: () => void): void;
  /** Takes no more messages until `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** What comes from there. */
export interface SocketListener {
  message(stream: number, bytes: Buffer): void;
  /** It is over, whoever ended it. */
  closed(): void;
}

/** Opens it. `refused` makes the error of an answer with a status, or of none. */
export async function openSocket(
  url: string,
  options: ClientOptions,
  listener: SocketListener,
  refused: (status: number | undefined, body: string) => HyperslabError,
): Promise<ApiSocket> {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url, [protocol], { ...options, handshakeTimeout: openTimeoutMs });
  socket.on('message', (data: Buffer) => {
    if (data.length > 0) listener.message(data[0], data.subarray(1));
  });
  await opened(socket, refused);
  socket.on('error', () => undefined);
  socket.once('close', () => listener.closed());
  return {
    send(stream, bytes, done) {
      if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.of(stream), bytes]), done);
      else done();
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

function opened(
  socket: WebSocket,
  refused: (status: number | undefined, body: string) => HyperslabError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(refused(undefined, error.message)));
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.once('close', () => reject(refused(response.statusCode, body)));
    });
  });
}
