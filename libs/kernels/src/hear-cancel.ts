let ask: (() => void) | undefined;

/**
 * Computes something that kernels give up when nobody wants it any more: `throwIfCancelled` throws then. It is the thread's, which computes one thing at a
 * time; else it would have to be handed to every kernel.
 */
export function whileWanted<T>(throwIfCancelled: (() => void) | undefined, compute: () => T): T {
  const outer = ask;
  ask = throwIfCancelled;
  try {
    return compute();
  } finally {
    ask = outer;
  }
}

/** For kernels that may take seconds, to be called every few milliseconds, or for each of much that is little: throws when it is given up. */
export function hearCancel(): void {
  ask?.();
}
