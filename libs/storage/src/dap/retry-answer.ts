import { type RetryPolicy, withRetry } from '../retry.ts';

// A server that computes other checksums than everybody else does so each time.
const triesOfDamage = 3;

/** What a server answers to a request that it never takes; 408, 425 and 429 may pass. */
const refusal = /^4(?!08|25|29)\d\d$/;

/** Asks again where an answer failed for a reason that may pass, and a few times where a checksum says that it was damaged on its way. */
export function retryAnswer<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return withRetry(
    policy,
    attempt,
    signal,
    ({ reason, retryable, details }, tries) =>
      (retryable && !refusal.test(details.code ?? '')) ||
      (reason === 'CHECKSUM_MISMATCH' && tries < triesOfDamage),
  );
}
