import { Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';
import { asHyperslabError } from '@hyperslab/errors';
import { CatalogServiceService } from '@hyperslab/proto/catalog';
import { SchedulerServiceService } from '@hyperslab/proto/scheduler';
import { ChunkServiceService } from '@hyperslab/proto/worker';
import { toStatus } from '@hyperslab/rpc';
import { type Client, connect } from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: handlers of different methods have nothing in common but this
type Unary = (request: any) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: see above
type Stream = (request: any, cancelled: AbortSignal) => AsyncIterable<unknown>;

/** What the services of a stand-in answer; methods that are not given are UNIMPLEMENTED. */
export interface StandIn {
  unary?: Record<string, Unary>;
  streams?: Record<string, Stream>;
}

/** Catalog, scheduler and worker on one port, that answer what a test says; and a client of them. */
export async function withStandIn(
  standIn: StandIn,
  body: (client: Client, address: string) => Promise<void>,
  patienceMs = 2000,
): Promise<void> {
  const server = new Server();
  const handlers: Record<string, UntypedHandleCall> = {
    ...Object.fromEntries(
      Object.entries(standIn.unary ?? {}).map(([name, answer]) => [name, unaryHandler(answer)]),
    ),
    ...Object.fromEntries(
      Object.entries(standIn.streams ?? {}).map(([name, answer]) => [name, streamHandler(answer)]),
    ),
  };
  for (const service of [CatalogServiceService, SchedulerServiceService, ChunkServiceService]) {
    const own = Object.fromEntries(Object.entries(handlers).filter(([name]) => name in service));
    server.addService(service, own);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const address = `127.0.0.1:${port}`;
  const client = await connect({ catalog: address, scheduler: address, workers: [address], patienceMs });
  try {
    await body(client, address);
  } finally {
    client.close();
    server.forceShutdown();
  }
}

function unaryHandler(answer: Unary): UntypedHandleCall {
  // biome-ignore lint/suspicious/noExplicitAny: the call of any method
  return async (call: any, callback: any): Promise<void> => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback(toStatus(asHyperslabError(error)));
    }
  };
}

function streamHandler(answer: Stream): UntypedHandleCall {
  // biome-ignore lint/suspicious/noExplicitAny: the writable side of any method
  return async (call: any): Promise<void> => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    try {
      for await (const message of answer(call.request, gone.signal)) {
        if (gone.signal.aborted) return;
        call.write(message);
      }
      call.end();
    } catch (error) {
      call.emit('error', toStatus(asHyperslabError(error)));
    }
  };
}
