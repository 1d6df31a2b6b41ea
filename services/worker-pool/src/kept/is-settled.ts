import type { ObjectState } from '@hyperslab/storage';

// Web servers tell whole seconds, file systems some milliseconds.
const coarsestClockMs = 2_000;
// Clocks of other machines are off by some seconds, and not all tell theirs.
const otherClockMs = 60_000;
// File systems take the time of a change from the kernel's clock, which goes on a hundred times a second or more.
const kernelTickMs = 20;

/**
 * Whether the state of an object will be another one after the next change of it: it has an entity tag that is not made of the
 * time, as those of S3 and of servers that tell no time, or was last changed so long before it was looked at that the same time
 * can't be written again.
 */
export function isSettled(
  url: string,
  { etag, modifiedUs, file, clockAheadMs = 0 }: ObjectState,
  lookedAtMs: number,
): boolean {
  const isStrong = etag !== '' && !etag.startsWith('W/');
  if (isStrong && (url.startsWith('s3:') || modifiedUs === 0)) return true;
  const nowMs = lookedAtMs + clockAheadMs;
  const isOld = (timeUs: number, tickMs: number) => timeUs > 0 && nowMs - timeUs / 1000 >= tickMs;
  // Of a file, the time of modification may have been set to any.
  const hasChanged = file !== undefined && !isOld(file.changedUs, tickOf(file.changedUs));
  return isOld(modifiedUs, url.startsWith('file:') ? coarsestClockMs : otherClockMs) && !hasChanged;
}

/** How long a clock that told such a time may go on telling the same, milliseconds. */
function tickOf(timeUs: number): number {
  return timeUs % 1_000_000 === 0 ? coarsestClockMs : kernelTickMs;
}

/** Whether an object was changed within some milliseconds before a time, so that somebody may still be writing it. */
export function isFresh(
  { modifiedUs, clockAheadMs = 0 }: ObjectState,
  withinMs: number,
  nowMs: number,
): boolean {
  // A time in the future is that of another clock, and no reason to wait for it.
  return modifiedUs > 0 && Math.abs(nowMs + clockAheadMs - modifiedUs / 1000) < withinMs;
}

/** Whether the time of an object says nothing of its age: it has not come yet, so that the clock that told it can't be ours. */
export function isOfOtherClock({ modifiedUs, clockAheadMs = 0 }: ObjectState, nowMs: number): boolean {
  return modifiedUs / 1000 > nowMs + clockAheadMs;
}
