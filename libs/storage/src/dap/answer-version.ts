import type { IncomingHttpHeaders } from 'node:http';

// A data set that changed within the last minute may change again within the second that its time is told in.
const settledMs = 60_000;

/** When the data set was last modified, as an answer says, microseconds since 1970; 0 when it says nothing. */
export function toldModifiedUs(headers: IncomingHttpHeaders): number {
  const modifiedMs = Date.parse(headers['last-modified'] ?? '');
  return Number.isFinite(modifiedMs) ? modifiedMs * 1000 : 0;
}

/**
 * The same where it tells states apart: servers that make up a time of last modification for each answer state one that is about
 * that of the answer (Date).
 */
export function settledModifiedUs(headers: IncomingHttpHeaders): number {
  const modifiedUs = toldModifiedUs(headers);
  const answeredMs = Date.parse(headers.date ?? '');
  return Number.isFinite(answeredMs) && modifiedUs / 1000 + settledMs <= answeredMs ? modifiedUs : 0;
}
