import { setTimeout as delay } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { backoffMs } from '@hyperslab/rpc/calls';

const steps = { firstMs: 50, longestMs: 1000 };

/** How long to go on trying while a service can't be reached. */
export interface Patience {
  /** Milliseconds from the first failure in a row until it is given up. */
  patienceMs: number;
  /**
   * Failures in a row that are borne in any case: one for each address there is to try.
   * @default 1
   */
  addresses?: number;
  signal?: AbortSignal;
}

/** Waits between tries of a stream, a little longer each time, and gives up when patience is at its end. */
export class Backoff {
  readonly #patience: Patience;
  #failingSince: number | undefined;
  #attempt = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** Something worked: the next failure is a first one again. */
  succeeded(): void {
    this.#failingSince = undefined;
    this.#attempt = 0;
  }

  /** Waits after a failure that may pass. Throws `error` when it may not, or when patience is at its end. */
  async failed(error: unknown): Promise<void> {
    const { patienceMs, addresses = 1, signal } = this.#patience;
    const failure = asHyperslabError(error);
    this.#failingSince ??= performance.now();
    const leftMs = patienceMs - (performance.now() - this.#failingSince);
    this.#attempt++;
    const givenUp = leftMs <= 0 && this.#attempt >= addresses;
    if (!failure.retryable || givenUp || signal?.aborted) throw failure;
    await pause(Math.max(0, Math.min(leftMs, backoffMs(this.#attempt, steps))), signal);
  }
}

async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(durationMs, undefined, { signal }).catch((error) => {
    throw new HyperslabError('CANCELLED', 'cancelled', {}, error);
  });
}
