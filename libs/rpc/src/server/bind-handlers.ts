import { type EventEmitter, on } from 'node:events';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { asHyperslabError, type HyperslabError } from '@hyperslab/errors';
import {
  attributeNames,
  failSpan,
  type Logger,
  logKeys,
  type Metrics,
  metricNames,
  type Span,
  traceOfSpan,
  withTrace,
} from '@hyperslab/telemetry';
import { callerOf, traceOf } from '../call-metadata.ts';
import { toStatus } from '../errors/to-status.ts';
import { startMethodSpan } from '../method-span.ts';
import { type CallContext, openCallContext } from './call-context.ts';
import type { AnyHandler, DuplexHandler, ServerStreamHandler, UnaryHandler } from './handlers.ts';

/** What handlers share. */
export interface HandlerEnvironment {
  log: Logger;
  metrics: Metrics;
  /** Time for an answer when the caller set no deadline, milliseconds. */
  requestTimeoutMs: number;
}

/** A stream without a deadline may last this long: a day. Its caller decides when it has seen enough. */
const streamTimeoutMs = 86_400_000;

/** Handlers as grpc-js calls them: with contexts, deadlines, statuses, metrics and logs. */
export function bindHandlers(
  definition: ServiceDefinition,
  handlers: Record<string, AnyHandler>,
  environment: HandlerEnvironment,
): UntypedServiceImplementation {
  const bound: UntypedServiceImplementation = {};
  for (const [name, { path }] of Object.entries(definition)) {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`${path} has no handler`);
    bound[name] = bindHandler(handler, path, environment);
  }
  return bound;
}

function bindHandler(handler: AnyHandler, method: string, environment: HandlerEnvironment) {
  if (handler.kind === 'unary') return bindUnary(handler, method, environment);
  if (handler.kind === 'serverStream') return bindServerStream(handler, method, environment);
  return bindDuplex(handler, method, environment);
}

function bindUnary(
  { handle }: UnaryHandler<unknown, unknown>,
  method: string,
  environment: HandlerEnvironment,
): handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    const span = serverSpan(call, method);
    const observed = observe(call, method, environment, environment.requestTimeoutMs, span, (error) =>
      callback(error),
    );
    const { context } = observed;
    withTrace(context.trace, async () => handle(call.request, context)).then(
      (response) => observed.end(undefined, () => callback(null, response)),
      (error) => observed.end(error),
    );
  };
}

function bindServerStream(
  { handle, unbuffered }: ServerStreamHandler<unknown, unknown>,
  method: string,
  environment: HandlerEnvironment,
): handleServerStreamingCall<unknown, unknown> {
  return (call) => {
    const span = serverSpan(call, method);
    const observed = observe(call, method, environment, streamTimeoutMs, span, (error) =>
      call.emit('error', error),
    );
    pump(call, observed, (context) => handle(call.request, context), unbuffered);
  };
}

function bindDuplex(
  { handle }: DuplexHandler<unknown, unknown>,
  method: string,
  environment: HandlerEnvironment,
): handleBidiStreamingCall<unknown, unknown> {
  return (call) => {
    // A connection that lasts as long as its caller is no step of anything.
    const observed = observe(call, method, environment, streamTimeoutMs, undefined, (error) =>
      call.emit('error', error),
    );
    pump(call, observed, (context) => handle(incoming(call, context.signal), context));
  };
}

/**
 * Messages as they come, at most a few ahead of the handler. Not the call's own iterator: that one destroys the call
 * on an error, and with it the status that says which error.
 */
async function* incoming(call: EventEmitter, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  try {
    const events = on(call, 'data', { signal, close: ['end'], highWaterMark: 16, lowWaterMark: 4 });
    for await (const [message] of events) yield message;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** The sending side of a call. */
interface Sender extends EventEmitter {
  write(message: unknown, sent?: () => void): boolean;
  end(): unknown;
}

/** Writes what a handler yields, waiting whenever the caller is behind; `unbuffered`, until each message is sent. One that is Disposable is disposed when it is sent. */
function pump(
  call: Sender,
  observed: ObservedCall,
  start: (context: CallContext) => AsyncIterable<unknown>,
  unbuffered = false,
): Promise<void> {
  const { context } = observed;
  // A generator's code runs in the trace of whoever asks for its next message: that is all of this.
  return withTrace(context.trace, async () => {
    try {
      for await (const message of start(context)) {
        context.signal.throwIfAborted();
        if (unbuffered) await sent(call, message, context.signal);
        else if (!call.write(message, disposal(message))) await drained(call, context.signal);
      }
      context.signal.throwIfAborted();
      observed.end(undefined, () => call.end());
    } catch (error) {
      observed.end(error);
    }
  });
}

/** What is to be done once a message is sent, or will not be. */
function disposal(message: unknown): (() => void) | undefined {
  const dispose = (message as Partial<Disposable> | undefined)?.[Symbol.dispose];
  return dispose && (() => dispose.call(message));
}

function drained(call: Sender, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const aborted = () => {
      call.off('drain', flowing);
      reject(signal.reason);
    };
    const flowing = () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    };
    call.once('drain', flowing);
    signal.addEventListener('abort', aborted, { once: true });
  });
}

function sent(call: Sender, message: unknown, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    call.write(message, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
  });
}

interface ObservedCall {
  context: CallContext;
  /** Answers, once: the failure as a status, or whatever `succeed` does. Later answers are dropped. */
  end(error: unknown, succeed?: () => void): void;
}

/** Opens the context of a call and sees to it that it is answered once, by its handler or by its deadline. */
function observe(
  call: ServerCall,
  method: string,
  { log, metrics }: HandlerEnvironment,
  defaultDeadlineMs: number,
  span: Span | undefined,
  fail: (error: ServiceError) => void,
): ObservedCall {
  const started = performance.now();
  const trace = span === undefined ? traceOf(call.metadata) : traceOfSpan(span);
  const { context, close } = openCallContext(call, method, log, defaultDeadlineMs, trace);
  const active = metrics.gauge(...metricNames.rpcActive);
  active.add(1);
  let answered = false;

  const end: ObservedCall['end'] = (error, succeed) => {
    if (answered) return;
    answered = true;
    close();
    active.add(-1);
    const seconds = (performance.now() - started) / 1000;
    const answer = error === undefined ? undefined : toStatus(failure(error, context.signal));
    const code = status[answer?.code ?? status.OK];
    metrics.counter(...metricNames.rpcCalls).increment(1, { method, code });
    metrics.histogram(...metricNames.rpcSeconds).record(seconds, { method });
    report(context, answer, code, Math.round(seconds * 1e3));
    endSpan(span, answer, code);
    if (answer) fail(answer);
    else succeed?.();
  };
  context.signal.addEventListener('abort', () => end(context.signal.reason), { once: true });
  return { context, end };
}

type ServerCall = Parameters<typeof openCallContext>[0];

function serverSpan({ metadata }: ServerCall, method: string): Span {
  return startMethodSpan(method, 'server', traceOf(metadata), callerOf(metadata));
}

/** Statuses that tell of a failure of the service, not of its caller (OpenTelemetry, "Semantic conventions for gRPC"). */
const ownFailures = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

function endSpan(span: Span | undefined, answer: ServiceError | undefined, code: string): void {
  span?.setAttribute(attributeNames.rpcStatus[0], code);
  if (span !== undefined && answer !== undefined && ownFailures.has(code)) failSpan(span, answer.cause);
  span?.end();
}

/** An AbortError that our own signal caused is the reason of that signal. */
function failure(error: unknown, signal: AbortSignal): HyperslabError {
  const aborted = signal.aborted && error instanceof Error && error.name === 'AbortError';
  return asHyperslabError(aborted ? signal.reason : error);
}

function report(
  { log }: CallContext,
  answer: ServiceError | undefined,
  code: string,
  milliseconds: number,
): void {
  const fields = { [logKeys.code]: code, [logKeys.milliseconds]: milliseconds };
  if (!answer) {
    log.debug(fields, 'answered');
    return;
  }
  const error = answer.cause as HyperslabError;
  const defect = error.status === 'INTERNAL' || error.status === 'DATA_LOSS';
  const all = { ...fields, [logKeys.reason]: error.reason, ...(defect ? { err: error.cause ?? error } : {}) };
  // Somebody who has read enough of a stream, or gone home, is no news.
  const level = defect ? 'error' : error.status === 'CANCELLED' ? 'debug' : 'info';
  log[level](all, error.message);
}
