import type { IncomingMessage } from 'node:http';
import {
  attributeNames,
  failSpan,
  parseTraceparent,
  startSpan,
  traceOfSpan,
  withTrace,
} from '@hyperslab/telemetry';

/** A request as a trace shows it. */
export interface RequestSpan {
  /** Runs what answers the request as steps of it. */
  run<T>(body: () => T): T;
  /** Ends it: with the form of the answer, its status, and what it failed with if it did. */
  end(form: string, status: number, failure: unknown): void;
}

const probes = new Set(['/livez', '/readyz', '/metrics']);
const none: RequestSpan = { run: (body) => body(), end: () => {} };

/**
 * Begins the span of a request, as OpenTelemetry's semantic conventions have it: within the trace of a client that sends
 * a `traceparent`, else as the first of one. The constraint is left out: it may be long, and each is another. Probes,
 * which come every few seconds, have no span.
 */
export function startRequestSpan({ method = 'GET', url = '/', headers }: IncomingMessage): RequestSpan {
  const [path] = url.split('?');
  if (probes.has(path)) return none;
  const parent = headers.traceparent;
  const span = startSpan(method, {
    kind: 'server',
    parent: parseTraceparent(typeof parent === 'string' ? parent : undefined),
    attributes: { [attributeNames.httpMethod[0]]: method, [attributeNames.urlPath[0]]: path },
  });
  const trace = traceOfSpan(span);
  return {
    run: (body) => (trace === undefined ? body() : withTrace(trace, body)),
    end(form, status, failure) {
      span.updateName(`${method} ${form}`);
      span.setAttributes({ [attributeNames.httpRoute[0]]: form, [attributeNames.httpStatus[0]]: status });
      // A request that makes no sense is answered well, with 4xx; after the head, 200 is what has been said already.
      if (failure !== undefined && (status < 400 || status >= 500)) failSpan(span, failure);
      span.end();
    },
  };
}
