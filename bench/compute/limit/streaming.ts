import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { messageBytes, streamService } from './stream-service.ts';

const messages = 256;
const repeats = 5;

/** Bytes a second of a server stream of gRPC between two processes, 1 MiB a message, as our clients dial; the best of five. */
export async function streamBytesPerSecond(): Promise<number> {
  const server = fork(join(import.meta.dirname, 'stream-server.ts'));
  const [port] = await once(server, 'message');
  const Client = makeGenericClientConstructor(streamService, 'bench.Stream');
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc-node.flow_control_window': 8 * 2 ** 20,
    'grpc.enable_http_proxy': 0,
  });
  const request = Buffer.alloc(4);
  request.writeUInt32LE(messages);
  try {
    let best = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const started = performance.now();
      let bytes = 0;
      for await (const message of client.read(request)) bytes += message.length;
      if (bytes !== messages * messageBytes) throw new Error(`a stream of ${bytes} bytes`);
      best = Math.max(best, bytes / ((performance.now() - started) / 1000));
    }
    return best;
  } finally {
    client.close();
    server.disconnect();
  }
}
