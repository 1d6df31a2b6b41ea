/** Between two numbers; at equal ends neither rounding nor infinities make another number of it. */
export function between(low: number, high: number, share: number): number {
  if (low === high) return low;
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
