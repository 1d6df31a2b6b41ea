import type { DapDimension } from './data-set.ts';

/** How many elements an array has; past 2^53 the number is not exact. */
export function elementsOf(dimensions: readonly DapDimension[]): number {
  // Nothing of what is past all numbers would be none.
  if (dimensions.some(({ size }) => size === 0)) return 0;
  return dimensions.reduce((product, { size }) => product * size, 1);
}
