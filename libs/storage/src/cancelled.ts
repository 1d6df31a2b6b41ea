import { HyperslabError } from '@hyperslab/errors';

/** The error of a read that its signal ended: the reason itself when that is one of ours, else a cancellation. */
export function cancelled(signal: AbortSignal): HyperslabError {
  const reason: unknown = signal.reason;
  if (reason instanceof HyperslabError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new HyperslabError('DEADLINE_EXCEEDED', 'reading storage: the deadline has passed', {}, reason);
  }
  return new HyperslabError('CANCELLED', 'reading storage: cancelled', {}, reason);
}

/** Throws when the signal has ended what it belongs to. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw cancelled(signal);
}
