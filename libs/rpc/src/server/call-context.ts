import type { Metadata } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import { isSampled, type Logger, logKeys, newTrace, type TraceContext } from '@hyperslab/telemetry';
import { callerOf } from '../call-metadata.ts';

/** What a handler knows of the call that it answers. It can be passed on as options of `call` and `openStream`. */
export interface CallContext {
  /** Who asks; "anonymous" when nobody said. */
  caller: string;
  /** Aborts when the caller is gone or the deadline has passed. Its reason is a HyperslabError. */
  signal: AbortSignal;
  /** When the answer is no longer wanted. */
  deadline: Date;
  trace: TraceContext;
  /** Writes `trace_id`, `method` and `caller` with each line. */
  log: Logger;
}

/** The part of grpc-js's server calls that every kind of call has. */
interface ServerCall {
  metadata: Metadata;
  getDeadline(): Date | number;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** Why what a call has left behind is given up when it is over; made once, as errors are dear and every call ends. */
const over = new HyperslabError('CANCELLED', 'the call has been answered');
/** setTimeout takes no more. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Context of a call, and how to end it: `close` must be called when the call is answered.
 * @param defaultDeadlineMs time for the answer when the caller set no deadline
 * @param trace where it stands in its trace; in one of its own that nobody records unless given
 */
export function openCallContext(
  call: ServerCall,
  method: string,
  log: Logger,
  defaultDeadlineMs: number,
  trace: TraceContext = newTrace(),
): { context: CallContext; close: () => void } {
  const given = Number(call.getDeadline());
  const now = Date.now();
  const deadline = new Date(Number.isFinite(given) ? given : now + defaultDeadlineMs);
  const cancelled = new AbortController();

  const abort = (reason: 'CANCELLED' | 'DEADLINE_EXCEEDED', message: string) =>
    cancelled.abort(new HyperslabError(reason, `${method}: ${message}`));
  const late = () => abort('DEADLINE_EXCEEDED', 'not answered before the deadline');
  const timer = setTimeout(late, Math.min(Math.max(deadline.getTime() - now, 0), longestTimeoutMs));
  let answered = false;
  call.on('cancelled', () => {
    // It comes at the end of each call.
    if (answered) return cancelled.abort(over);
    // gRPC's own deadline timer cancels too, and may be the first of the two.
    if (Date.now() >= deadline.getTime()) late();
    else abort('CANCELLED', 'the caller is gone');
  });

  const caller = callerOf(call.metadata);
  const context: CallContext = {
    caller,
    deadline,
    trace,
    signal: cancelled.signal,
    log: log.child({
      [logKeys.traceId]: trace.traceId,
      ...(isSampled(trace) ? { [logKeys.spanId]: trace.spanId } : {}),
      [logKeys.method]: method,
      [logKeys.caller]: caller,
    }),
  };
  const close = () => {
    answered = true;
    clearTimeout(timer);
  };
  return { context, close };
}
