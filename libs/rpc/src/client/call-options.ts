import type { Client, Metadata } from '@grpc/grpc-js';
import { activeTrace, type TraceContext } from '@hyperslab/telemetry/trace-context';
import { anonymous, callMetadata } from '../call-metadata.ts';
import { callerOfClient } from './connect.ts';

/** How a call is made. The CallContext of a call that is being answered fits. */
export interface CallOptions {
  /** Time for the whole of it, milliseconds. */
  deadlineMs?: number;
  /** Or when it must be done; the earlier of the two holds. */
  deadline?: Date;
  /** Cancels the call. */
  signal?: AbortSignal;
  /** Who asks; else the client's caller, else "anonymous". */
  caller?: string;
  /** Trace that this is a step of. */
  trace?: TraceContext;
}

/** Metadata of a call; `trace` is where it stands itself, else it goes on in that of its options or of this code. */
export function metadataFor(client: Client, options: CallOptions, trace?: TraceContext): Metadata {
  const { caller = callerOfClient(client) ?? anonymous } = options;
  return callMetadata(caller, trace ?? options.trace ?? activeTrace());
}

/** When the call must be done, milliseconds since 1970; `defaultMs` from now if nobody says. */
export function deadlineOf({ deadlineMs, deadline }: CallOptions, defaultMs: number): number {
  const relative = deadlineMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + deadlineMs;
  const earliest = Math.min(relative, deadline?.getTime() ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(earliest) ? earliest : Date.now() + defaultMs;
}

/** Name of a client's service and its address, for messages. */
export function peerOf(client: Client): string {
  const service =
    (client.constructor as { serviceName?: string }).serviceName?.split('.').at(-1) ?? 'service';
  return `${service} at ${client
    .getChannel()
    .getTarget()
    .replace(/^[a-z]+:\/*/, '')}`;
}
