import { type HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { cancelled } from './cancelled.ts';

export interface RetryPolicy {
  /** Tries in all. */
  attempts: number;
  /** The wait before the second try is a random part of this; it doubles with each further try. */
  firstDelayMs: number;
  /** No wait is longer. */
  longestDelayMs: number;
}

/** Three waits, of 3.5 s together at most: longer troubles are the scheduler's, which tries the task elsewhere. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 4, firstDelayMs: 500, longestDelayMs: 2000 };

/**
 * Tries again what failed for a reason that may pass (`mayPass`, of an error after so many tries). Waits are drawn from the whole
 * interval ("full jitter"), so that many readers that failed together don't come back together.
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
  mayPass: (error: HyperslabError, tries: number) => boolean = ({ retryable }) => retryable,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const hopeless = !isHyperslabError(error) || !mayPass(error, tries);
      if (hopeless || tries >= policy.attempts || signal?.aborted) throw error;
    }
    const longest = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (tries - 1));
    await delay(Math.random() * longest, signal);
  }
}

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled(signal!));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
