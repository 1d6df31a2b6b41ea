import { type Client, type ServiceDefinition, status } from '@grpc/grpc-js';
import { asHyperslabError } from '@hyperslab/errors';
import { attributeNames } from '@hyperslab/telemetry/names';
import { failSpan, traceOfSpan } from '@hyperslab/telemetry/spans';
import type { TraceContext } from '@hyperslab/telemetry/trace-context';
import { startMethodSpan } from '../method-span.ts';
import type { CallOptions } from './call-options.ts';

/** A call as its caller follows it. */
export interface CallSpan {
  /** Where it stands in its trace; undefined when it is in none. */
  trace: TraceContext | undefined;
  /** Ends it, with what it failed with if it did. */
  end(failure?: unknown): void;
}

/** Begins the span of a call; of one that is tried again, each try has its own. */
export function startCallSpan(client: Client, method: string, { trace }: CallOptions): CallSpan {
  const { service } = client.constructor as unknown as { service: ServiceDefinition };
  const span = startMethodSpan(service[method].path, 'client', trace);
  return {
    trace: traceOfSpan(span),
    end(failure) {
      const code = failure === undefined ? status[status.OK] : asHyperslabError(failure).status;
      span.setAttribute(attributeNames.rpcStatus[0], code);
      if (failure !== undefined) failSpan(span, failure);
      span.end();
    },
  };
}
