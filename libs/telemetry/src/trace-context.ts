import { randomBytes } from 'node:crypto';
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Where a call stands in a trace: what OpenTelemetry calls a span context. */
export type TraceContext = SpanContext;

/**
 * Reads a `traceparent` header (W3C Trace Context, section 3.2).
 * @returns undefined for what is absent or not valid: a call is never refused for its trace
 */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text ?? '');
  if (!match) return undefined;
  const [, version, traceId, spanId, flags, more] = match;
  // Version ff is invalid; version 00 has exactly four fields, later ones may have more.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  const parsed = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return isSpanContextValid(parsed) ? parsed : undefined;
}

/** The `traceparent` header of a trace context. */
export function formatTraceparent({ traceId, spanId, traceFlags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** A new trace that nobody records: its number is for log lines. */
export function newTrace(): TraceContext {
  return { traceId: randomHex(16), spanId: randomHex(8), traceFlags: TraceFlags.NONE };
}

/** Random bytes for some hundred calls, which cost as much as for one; and how many of them are used. */
let pool = Buffer.alloc(0);
let used = 0;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** Whether the spans of a trace are recorded. */
export function isSampled({ traceFlags }: TraceContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** The trace that this code runs in, as the OpenTelemetry API knows it; undefined until an SDK is registered. */
export function activeTrace(): TraceContext | undefined {
  return trace.getSpanContext(context.active());
}

/** Where this code stands in its trace, for what goes on elsewhere later; empty when nobody records it. */
export function activeTraceparent(): string {
  const active = activeTrace();
  return active !== undefined && isSampled(active) ? formatTraceparent(active) : '';
}

/** Runs code inside a trace, for an OpenTelemetry SDK to see. */
export function withTrace<T>(parent: TraceContext, body: () => T): T {
  return context.with(trace.setSpanContext(context.active(), parent), body);
}

/** Runs code inside the trace of a `traceparent`; in none, whatever this code runs in, when that is empty. */
export function withTraceparent<T>(traceparent: string, body: () => T): T {
  const parent = parseTraceparent(traceparent);
  return context.with(parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent), body);
}
