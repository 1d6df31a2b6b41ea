/**
 * Between two numbers; at equal ends neither rounding nor infinities make another number of it. Between a number and an
 * infinity it is infinite, as numpy's median is: a difference of these would be subtracted from itself.
 */
export function between(low: number, high: number, share: number): number {
  if (low === high) return low;
  const step = high - low;
  if (!Number.isFinite(step)) return low * (1 - share) + high * share;
  return share < 0.5 ? low + step * share : high - step * (1 - share);
}
