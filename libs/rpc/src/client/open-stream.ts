import type {
  Client,
  ClientDuplexStream,
  ClientReadableStream,
  CallOptions as GrpcCallOptions,
  Metadata,
  ServiceError,
} from '@grpc/grpc-js';
import { fromStatus } from '../errors/from-status.ts';
import { cancelled } from './call.ts';
import { type CallOptions, deadlineOf, metadataFor, peerOf } from './call-options.ts';
import { startCallSpan } from './call-span.ts';

type StreamMethod<Request, Response> = (
  request: Request,
  metadata?: Metadata,
  options?: Partial<GrpcCallOptions>,
) => ClientReadableStream<Response>;
type DuplexMethod<Request, Response> = (
  metadata?: Metadata,
  options?: Partial<GrpcCallOptions>,
) => ClientDuplexStream<Request, Response>;

/** What a streaming method of a client takes. */
export type StreamRequestOf<Method> = Method extends StreamMethod<infer Request, infer _> ? Request : never;
/** What it streams. */
export type StreamResponseOf<Method> =
  Method extends StreamMethod<infer _, infer Response> ? Response : never;
/** What a duplex method of a client is sent. */
type DuplexRequestOf<Method> = Method extends DuplexMethod<infer Request, infer _> ? Request : never;
/** What it answers. */
type DuplexResponseOf<Method> = Method extends DuplexMethod<infer _, infer Response> ? Response : never;

const defaultDeadlineMs = 86_400_000;

/**
 * Calls a method that answers a stream. The call starts when the iteration does; the service is asked for more only as
 * the loop takes messages; leaving the loop cancels the call.
 * @throws HyperslabError from the iteration: the service's own, or UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED
 */
export async function* openStream<C extends Client, Name extends keyof C>(
  client: C,
  method: Name,
  request: StreamRequestOf<C[Name]>,
  options: CallOptions = {},
): AsyncGenerator<StreamResponseOf<C[Name]>, void, undefined> {
  const start = (client[method] as StreamMethod<unknown, StreamResponseOf<C[Name]>>).bind(client);
  const deadline = deadlineOf(options, defaultDeadlineMs);
  const span = startCallSpan(client, method as string, options);
  let failure: unknown;
  try {
    const metadata = metadataFor(client, options, span.trace);
    yield* received(client, options, () => start(request, metadata, { deadline }));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    span.end(failure);
  }
}

/**
 * Calls a method with streams both ways: sends `requests` with back-pressure until they end, and yields the answers.
 * It is a connection rather than a step of something, so it has no span. Leaving the loop, or an error of `requests`, cancels the call.
 * @throws HyperslabError as `openStream` does; the error of `requests` as it is
 */
export async function* openDuplex<C extends Client, Name extends keyof C>(
  client: C,
  method: Name,
  requests: AsyncIterable<DuplexRequestOf<C[Name]>>,
  options: CallOptions = {},
): AsyncGenerator<DuplexResponseOf<C[Name]>, void, undefined> {
  const start = (client[method] as DuplexMethod<unknown, DuplexResponseOf<C[Name]>>).bind(client);
  const deadline = deadlineOf(options, defaultDeadlineMs);
  let failure: { error: unknown } | undefined;
  try {
    yield* received(client, options, () => {
      const stream = start(metadataFor(client, options), { deadline });
      send(requests, stream).catch((error) => {
        failure = { error };
        stream.cancel();
      });
      return stream;
    });
  } catch (error) {
    throw failure ? failure.error : error;
  }
}

async function send(
  requests: AsyncIterable<unknown>,
  stream: ClientDuplexStream<unknown, unknown>,
): Promise<void> {
  for await (const request of requests) {
    if (stream.destroyed || stream.writableEnded) return;
    if (!stream.write(request))
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve);
        stream.once('close', resolve);
      });
  }
  stream.end();
}

async function* received<Response>(
  client: Client,
  { signal }: CallOptions,
  start: () => ClientReadableStream<Response>,
): AsyncGenerator<Response, void, undefined> {
  if (signal?.aborted) throw cancelled(signal);
  const stream = start();
  const cancel = () => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of stream) yield message as Response;
  } catch (error) {
    if (signal?.aborted) throw cancelled(signal);
    throw isServiceError(error) ? fromStatus(error, peerOf(client)) : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}
