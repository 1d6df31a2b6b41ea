import type { HyperslabError } from '@hyperslab/errors';
import { type CallContext, duplex, type ServedService, serverStream, unary } from '@hyperslab/rpc';

type Handlers = ServedService[1];

/** The handlers of a service while it has any. */
export interface Switched {
  service: ServedService;
  /** Calls go to these from now on, until `ended` aborts: streams end with its reason, other calls finish. */
  switchOn(handlers: ServedService, ended: AbortSignal): void;
}

/** A service that is bound from the start and answers `refuse()` for as long as it is not switched on. */
export function switchedService(definition: ServedService[0], refuse: () => HyperslabError): Switched {
  let current: { handlers: Handlers; ended: AbortSignal } | undefined;
  const active = () => {
    if (current === undefined || current.ended.aborted) throw refuse();
    return current;
  };
  const within = (context: CallContext, ended: AbortSignal): CallContext => ({
    ...context,
    signal: AbortSignal.any([context.signal, ended]),
  });
  const handlers: Handlers = {};
  for (const [name, method] of Object.entries(definition)) {
    if (method.requestStream) {
      handlers[name] = duplex<unknown, unknown>(async function* (requests, context) {
        const { handlers: to, ended } = active();
        const handler = to[name];
        if (handler.kind === 'duplex') yield* handler.handle(requests, within(context, ended));
      });
    } else if (method.responseStream) {
      handlers[name] = serverStream<unknown, unknown>(async function* (request, context) {
        const { handlers: to, ended } = active();
        const handler = to[name];
        if (handler.kind === 'serverStream') yield* handler.handle(request, within(context, ended));
      });
    } else {
      handlers[name] = unary<unknown, unknown>((request, context) => {
        const handler = active().handlers[name];
        if (handler.kind === 'unary') return handler.handle(request, context);
      });
    }
  }
  return {
    service: [definition, handlers],
    switchOn([, to], ended) {
      current = { handlers: to, ended };
    },
  };
}
