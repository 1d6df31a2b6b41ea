import type { ObjectVersion } from '@hyperslab/storage';

// Web servers tell whole seconds, file systems some milliseconds.
const coarsestClockMs = 2_000;

/**
 * Whether the state of an object will be another one after the next change of it: it has an entity tag that is not made of the
 * time, as those of S3 and of servers that tell no time, or was last changed so long before it was looked at that the same time
 * can't be written again.
 */
export function isSettled(url: string, { etag, modifiedUs }: ObjectVersion, lookedAtMs: number): boolean {
  const isStrong = etag !== '' && !etag.startsWith('W/');
  if (isStrong && (url.startsWith('s3:') || modifiedUs === 0)) return true;
  return modifiedUs > 0 && lookedAtMs - modifiedUs / 1000 >= coarsestClockMs;
}

/** Whether an object was changed within some milliseconds before a time, so that somebody may still be writing it. */
export function isFresh({ modifiedUs }: ObjectVersion, withinMs: number, nowMs: number): boolean {
  // A time in the future is that of another clock, and no reason to wait for it.
  return modifiedUs > 0 && Math.abs(nowMs - modifiedUs / 1000) < withinMs;
}
