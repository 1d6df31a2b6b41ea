/** Sends 1 MiB messages of the same bytes to whoever asks how many: what a stream of gRPC carries when nobody computes. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { messageBytes, streamService } from './stream-service.ts';

const message = Buffer.alloc(messageBytes, 1);
const server = new Server({ 'grpc.enable_channelz': 0 });
server.addService(streamService, {
  async read(call: import('@grpc/grpc-js').ServerWritableStream<Buffer, Buffer>) {
    for (let left = call.request.readUInt32LE(); left > 0; left--) {
      if (!call.write(message)) await new Promise((resolve) => call.once('drain', resolve));
    }
    call.end();
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.(port);
});
process.on('disconnect', () => process.exit());
