import { asHyperslabError } from '@hyperslab/errors';
import {
  type Attributes,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { attributeNames } from './names.ts';
import { activeTrace, type TraceContext } from './trace-context.ts';

export type { Span } from '@opentelemetry/api';

/** What a span begins with. */
export interface SpanOptions {
  kind?: keyof typeof kinds;
  attributes?: Attributes;
  /** What it is a step of; else of the span that this code runs in. */
  parent?: TraceContext;
  /** When it began, milliseconds since 1970; now unless given. */
  startMs?: number;
}

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const;

// Asks for the registered SDK with each span until there is one; without it, spans cost a function call.
const tracer = trace.getTracer('hyperslab');

/** Begins a span. It records nothing where no SDK is registered, or where the trace is not sampled. */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  const { kind = 'internal', attributes, parent, startMs } = options;
  const within = parent === undefined ? context.active() : trace.setSpanContext(ROOT_CONTEXT, parent);
  return tracer.startSpan(name, { kind: kinds[kind], attributes, startTime: startMs }, within);
}

/** Where a span stands in its trace; undefined where there is neither an SDK nor a caller's trace. */
export function traceOfSpan(span: Span): TraceContext | undefined {
  const found = span.spanContext();
  return isSpanContextValid(found) ? found : undefined;
}

/** Marks a span as failed, before it ends. */
export function failSpan(span: Span, thrown: unknown): void {
  const { reason, message } = asHyperslabError(thrown);
  span.setAttribute(attributeNames.errorType[0], reason);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Runs code in a span of its own, which is the first of a trace if need be. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  body: (span: Span) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  try {
    return await context.with(trace.setSpan(context.active(), span), () => body(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** As `inSpan`, within a trace only: what belongs to none begins none, and its body gets no span. */
export function inStep<T>(
  name: string,
  options: SpanOptions,
  body: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return activeTrace() === undefined ? body(undefined) : inSpan(name, options, body);
}
