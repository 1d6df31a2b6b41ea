import type { HyperslabError } from '@hyperslab/errors';

/** A failure as one line for standard error: for a person, or with `json` for a program. */
export function errorLine(error: HyperslabError, json: boolean): string {
  const { message, details } = error;
  if (json) return `${JSON.stringify({ error: { code: error.reason, message, details } })}\n`;
  return `hyperslab: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`;
}
