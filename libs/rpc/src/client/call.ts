import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Client,
  ClientUnaryCall,
  CallOptions as GrpcCallOptions,
  Metadata,
  ServiceError,
} from '@grpc/grpc-js';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { fromStatus } from '../errors/from-status.ts';
import { backoffMs } from './backoff.ts';
import { type CallOptions, deadlineOf, metadataFor, peerOf } from './call-options.ts';
import { startCallSpan } from './call-span.ts';

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<GrpcCallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** What a unary method of a client takes. */
export type RequestOf<Method> = Method extends UnaryMethod<infer Request, infer _> ? Request : never;
/** What it answers. */
export type ResponseOf<Method> = Method extends UnaryMethod<infer _, infer Response> ? Response : never;
/** Names of a client's unary methods. */
export type UnaryName<C> = {
  [Name in keyof C]: C[Name] extends (
    request: infer _R,
    metadata: Metadata,
    options: Partial<GrpcCallOptions>,
    callback: infer _C,
  ) => ClientUnaryCall
    ? Name
    : never;
}[keyof C] &
  string;

/** How a unary call is made. */
export interface UnaryOptions extends CallOptions {
  /**
   * Calls again while the service is UNAVAILABLE, until the deadline. Only for requests that may be made twice: those
   * that read, and those with a request_id.
   */
  retry?: boolean;
}

const defaultDeadlineMs = 60_000;
const retryBackoff = { firstMs: 50, longestMs: 2_000 };

/**
 * Calls a unary method.
 * @throws HyperslabError the service's own, or UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED
 */
export async function call<C extends Client, Name extends UnaryName<C>>(
  client: C,
  method: Name,
  request: RequestOf<C[Name]>,
  options: UnaryOptions = {},
): Promise<ResponseOf<C[Name]>> {
  const deadline = deadlineOf(options, defaultDeadlineMs);
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(client, method, request, deadline, options);
    } catch (error) {
      const waitMs = backoffMs(attempt, retryBackoff);
      const again = options.retry && asHyperslabError(error).retryable && Date.now() + waitMs < deadline;
      if (!again) throw error;
      await sleep(waitMs, undefined, { signal: options.signal }).catch(() => {
        throw cancelled(options.signal);
      });
    }
  }
}

function once<C extends Client, Name extends UnaryName<C>>(
  client: C,
  method: Name,
  request: RequestOf<C[Name]>,
  deadline: number,
  options: CallOptions,
): Promise<ResponseOf<C[Name]>> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(cancelled(signal));
  return new Promise((resolve, reject) => {
    const start = (client[method] as UnaryMethod<unknown, ResponseOf<C[Name]>>).bind(client);
    const span = startCallSpan(client, method, options);
    const metadata = metadataFor(client, options, span.trace);
    const cancel = () => running.cancel();
    const running = start(request, metadata, { deadline }, (error, response) => {
      signal?.removeEventListener('abort', cancel);
      const failure = error && (signal?.aborted ? cancelled(signal) : fromStatus(error, peerOf(client)));
      span.end(failure ?? undefined);
      if (failure) reject(failure);
      else resolve(response);
    });
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** What the caller's own abort is thrown as: its reason if that says more, else CANCELLED. */
export function cancelled(signal: AbortSignal | undefined): HyperslabError {
  const reason: unknown = signal?.reason;
  return reason instanceof HyperslabError ? reason : new HyperslabError('CANCELLED', 'cancelled', {}, reason);
}
