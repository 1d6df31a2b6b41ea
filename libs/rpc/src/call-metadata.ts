import { Metadata } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import { formatTraceparent, parseTraceparent, type TraceContext } from '@hyperslab/telemetry/trace-context';

const callerKey = 'hyperslab-caller';
const traceKey = 'traceparent';

/** Who a call without a name comes from. */
export const anonymous = 'anonymous';

/** Printable ASCII, which is what gRPC metadata carry as text. */
const callerPattern = /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/;

/** Metadata of a call: who asks, and in which trace if in any. */
export function callMetadata(caller: string, trace: TraceContext | undefined): Metadata {
  if (!callerPattern.test(caller))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `caller ${JSON.stringify(caller)}: expected 1 to 256 printable ASCII characters`,
      { field: callerKey },
    );
  const metadata = new Metadata();
  metadata.set(callerKey, caller);
  if (trace !== undefined) metadata.set(traceKey, formatTraceparent(trace));
  return metadata;
}

/** Who asks; "anonymous" where nobody says, or says it in a way that logs could not hold. */
export function callerOf(metadata: Metadata): string {
  const caller = metadata.get(callerKey)[0];
  return typeof caller === 'string' && callerPattern.test(caller) ? caller : anonymous;
}

/** Trace of the caller, if it has one. */
export function traceOf(metadata: Metadata): TraceContext | undefined {
  const text = metadata.get(traceKey)[0];
  return typeof text === 'string' ? parseTraceparent(text) : undefined;
}
