/** Numbers of workers that would have been enough, over a window of time. */
export interface Wishes {
  /** Since when they are known without a gap. */
  sinceMs: number;
  /**
   * When a number was enough last, falling. A number that a later one reaches is left out: it can't be the highest any
   * more. So there are at most as many entries as workers.
   */
  falling: readonly { timeMs: number; workers: number }[];
}

export function emptyWishes(nowMs: number): Wishes {
  return { sinceMs: nowMs, falling: [] };
}

/** Adds the newest and drops those that are older than the window. */
export function addWish(wishes: Wishes, workers: number, nowMs: number, windowMs: number): Wishes {
  const falling = wishes.falling.filter((wish) => nowMs - wish.timeMs < windowMs && wish.workers > workers);
  return { ...wishes, falling: [...falling, { timeMs: nowMs, workers }] };
}

/** The highest of those that are kept. */
export function highestWish({ falling }: Wishes): number {
  return falling[0].workers;
}

/** Since when fewer than so many have been enough. */
export function fewerSince({ sinceMs, falling }: Wishes, workers: number): number {
  return falling.findLast((wish) => wish.workers >= workers)?.timeMs ?? sinceMs;
}
