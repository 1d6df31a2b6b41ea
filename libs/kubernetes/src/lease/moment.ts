/** A reading of two clocks of this machine, milliseconds. */
export interface Moment {
  /** Never goes back, and stands still while the machine is suspended. */
  readonly monotonicMs: number;
  /** Goes on while the machine is suspended, and may be set to anything. */
  readonly wallMs: number;
}

/** Reads both clocks. */
export function readClocks(): Moment {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** At least so much time has passed: for how long something of another's must be respected. */
export function surelyPassedMs(since: Moment, now: Moment): number {
  return now.monotonicMs - since.monotonicMs;
}

/**
 * At most so much time has passed: for how long something of ours may be relied upon. A clock on the wall that is set
 * forward looks like a machine that was suspended, and is taken for that.
 */
export function perhapsPassedMs(since: Moment, now: Moment): number {
  return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}
