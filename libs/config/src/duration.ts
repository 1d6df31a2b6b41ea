import { HyperslabError } from '@hyperslab/errors';

const unitMs: Record<string, number> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };

/** setTimeout takes no more than 2^31 - 1 milliseconds, and durations end up there. */
const longestMs = 2 ** 31 - 1;

/**
 * Milliseconds that "30s", "1h30m", "500ms" or "2d" means; a number without unit is refused but for 0.
 * @throws HyperslabError INVALID_ARGUMENT for anything else, and for more than 24 days
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  let total = 0;
  if (/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))+$/.test(trimmed))
    for (const [, amount, unit] of trimmed.matchAll(/([\d.]+)(ms|s|m|h|d)/g))
      total += Number(amount) * unitMs[unit];
  else total = Number.NaN;
  if (total <= longestMs) return Math.round(total);
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `duration "${text}": expected numbers with ms, s, m, h or d, as in "1h30m", of at most 24d`,
  );
}
