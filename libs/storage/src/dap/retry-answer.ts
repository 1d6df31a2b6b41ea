import { type RetryPolicy, withRetry } from '../retry.ts';

// A server that computes other checksums than everybody else does so each time.
const triesOfDamage = 3;

/** Asks again where the answer failed for a reason that may pass, and a few times where its checksum says that it was damaged on its way. */
export function retryAnswer<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return withRetry(
    policy,
    attempt,
    signal,
    ({ reason, retryable }, tries) => retryable || (reason === 'CHECKSUM_MISMATCH' && tries < triesOfDamage),
  );
}
