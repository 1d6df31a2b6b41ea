import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** How often readiness is asked for those who watch grpc.health.v1. */
const pollMs = 500;

/** Name under which health checks learn that the server answers, whatever it waits for. */
const liveness = 'liveness';

/** The state of a server: whether it serves, and why not. */
export interface Health {
  /** Why it is not ready, or undefined when it is. */
  problem(): string | undefined;
  /** Announces that it serves, or that it is about to go. */
  setServing(serving: boolean): void;
  stop(): void;
}

/**
 * Registers grpc.health.v1 for the server as a whole ("") and for each of its services, and `liveness`, which serves
 * as long as it answers: who would restart a service because of another one asks for that.
 * @param readiness says what keeps the service from its work, or undefined
 */
export function addHealth(
  server: Server,
  services: readonly string[],
  readiness: () => string | undefined,
): Health {
  const names = ['', ...services];
  const implementation = new HealthImplementation({
    ...Object.fromEntries(names.map((name) => [name, 'NOT_SERVING'] as const)),
    [liveness]: 'SERVING',
  });
  implementation.addToServer(server);
  let serving = false;
  let shown = false;

  const problem = () => (serving ? readiness() : 'it does not serve');
  const show = () => {
    const ready = problem() === undefined;
    if (ready === shown) return;
    shown = ready;
    for (const name of names) implementation.setStatus(name, ready ? 'SERVING' : 'NOT_SERVING');
  };
  const timer = setInterval(show, pollMs).unref();
  return {
    problem,
    setServing(value) {
      serving = value;
      show();
    },
    stop: () => clearInterval(timer),
  };
}
