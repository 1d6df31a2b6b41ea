/** How long to wait between tries. */
export interface BackoffOptions {
  firstMs: number;
  longestMs: number;
}

/**
 * Time before the next try, milliseconds: doubles with each, and is drawn from the upper half at random, so that
 * clients that lost one server together do not come back together.
 * @param attempt tries so far, from 1
 */
export function backoffMs(
  attempt: number,
  { firstMs, longestMs }: BackoffOptions,
  random = Math.random,
): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return full * (0.5 + random() / 2);
}
