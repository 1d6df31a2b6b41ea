import type { RegridParameters } from './parameters.ts';

/** More targets than these are not looked at to find what they need: all of the source is. */
const mostLookedAt = 2 ** 17;

/** Whether what a box of targets needs can be told before coordinates are read, without much work. */
export function isForeseeable({ source, target, method }: RegridParameters, targets: number): boolean {
  if (source?.grid.kind === 'fields' || target.grid?.kind === 'fields') return false;
  return method === 'conservative' || targets <= mostLookedAt;
}
