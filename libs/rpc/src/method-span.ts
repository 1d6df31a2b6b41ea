import { attributeNames } from '@hyperslab/telemetry/names';
import { type Span, startSpan } from '@hyperslab/telemetry/spans';
import type { TraceContext } from '@hyperslab/telemetry/trace-context';

/**
 * Begins the span of a call on one of its two sides, as OpenTelemetry's semantic conventions have it.
 * @param path of the method: /package.Service/Method
 */
export function startMethodSpan(
  path: string,
  kind: 'client' | 'server',
  parent: TraceContext | undefined,
  caller?: string,
): Span {
  const name = path.slice(1);
  const attributes = {
    [attributeNames.rpcSystem[0]]: 'grpc',
    [attributeNames.rpcMethod[0]]: name,
    ...(caller === undefined ? {} : { [attributeNames.caller[0]]: caller }),
  };
  return startSpan(name, { kind, parent, attributes });
}
