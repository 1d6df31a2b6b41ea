import type { ServiceDefinition } from '@grpc/grpc-js';
import type { CallContext } from './call-context.ts';

/** Answers one message. */
export interface UnaryHandler<Request, Response> {
  kind: 'unary';
  handle: (request: Request, context: CallContext) => Promise<Response> | Response;
}

/** Answers a stream. */
export interface ServerStreamHandler<Request, Response> {
  kind: 'serverStream';
  /** The iterator is asked for the next message only when the one before is on its way, not when it is in the buffer. */
  unbuffered?: boolean;
  handle: (request: Request, context: CallContext) => AsyncIterable<Response>;
}

/** Takes a stream and answers one. */
export interface DuplexHandler<Request, Response> {
  kind: 'duplex';
  handle: (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<Response>;
}

// biome-ignore lint/suspicious/noExplicitAny: handlers of different methods have nothing in common but this.
export type AnyHandler = UnaryHandler<any, any> | ServerStreamHandler<any, any> | DuplexHandler<any, any>;

/** Handlers of all methods of a service. */
export type Implementation<Definition> = {
  [Method in keyof Definition]: Definition[Method] extends {
    requestStream: infer In;
    responseStream: infer Out;
    requestDeserialize: (bytes: Buffer) => infer Request;
    responseSerialize: (value: infer Response) => Buffer;
  }
    ? In extends true
      ? DuplexHandler<Request, Response>
      : Out extends true
        ? ServerStreamHandler<Request, Response>
        : UnaryHandler<Request, Response>
    : never;
};

/** A service with its handlers, as `serve` takes it. */
export type ServedService = readonly [ServiceDefinition, Record<string, AnyHandler>];

/** Pairs a service with its handlers, each checked against its method. */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  implementation: Implementation<Definition>,
): ServedService {
  return [definition, implementation as Record<string, AnyHandler>];
}

/** A method that answers once. What it throws becomes a status; its answer is dropped once the signal is aborted. */
export function unary<Request, Response>(
  handle: UnaryHandler<Request, Response>['handle'],
): UnaryHandler<Request, Response> {
  return { kind: 'unary', handle };
}

/**
 * A method that answers a stream, as fast as the caller takes it: the iterator is asked for the next message only
 * when there is room. When the caller goes, the signal aborts and the iterator is returned. `unbuffered` is for messages
 * that tell how something is now: a slow caller gets fewer, not old ones.
 */
export function serverStream<Request, Response>(
  handle: ServerStreamHandler<Request, Response>['handle'],
  { unbuffered }: { unbuffered?: boolean } = {},
): ServerStreamHandler<Request, Response> {
  return { kind: 'serverStream', handle, unbuffered };
}

/**
 * A method with streams both ways. The requests end when the caller has ended them or is gone; in the second case the
 * signal aborts too, perhaps a moment later. The call ends when the iterator of answers ends.
 */
export function duplex<Request, Response>(
  handle: DuplexHandler<Request, Response>['handle'],
): DuplexHandler<Request, Response> {
  return { kind: 'duplex', handle };
}
