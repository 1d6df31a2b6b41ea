import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';

/**
 * Tries as long as the API server does not answer: who can't renew the lease either is told so by that. Does nothing
 * once `signal` has aborted: who was told to stop must not mark itself after that.
 */
export async function whileAway(
  act: () => Promise<void>,
  signal: AbortSignal,
  { retryMs } = { retryMs: 500 },
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      if (signal.aborted || !asHyperslabError(error).retryable) throw error;
      await sleep(retryMs, undefined, { signal });
    }
  }
}
