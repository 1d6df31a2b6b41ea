import type { DapProtocol } from '@hyperslab/dap';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { Storage } from '@hyperslab/storage';

/** Where a data set is, and through what it is read. */
export interface DapServer {
  protocol: DapProtocol;
  dataSet: string;
  storage: Storage;
  signal?: AbortSignal;
}

/** Nothing else is to be tried. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof HyperslabError)) return true;
  return ['CANCELLED', 'DEADLINE_EXCEEDED', 'OUTSIDE_ROOTS', 'INTERNAL'].includes(error.reason);
}

const passingStatuses = new Set(['408', '425', '429', '502', '503', '504']);

/**
 * A failure that says nothing of what the server can answer: it is busy, or not reached. A status of 500 and an error of DAP's own are
 * what many servers answer to requests that they don't know.
 */
export function isPassing(error: unknown): boolean {
  if (!isHyperslabError(error, 'STORAGE_UNAVAILABLE')) return false;
  const { status, code } = error.details;
  if (status !== undefined || /^\d*$/.test(code ?? '')) return passingStatuses.has(status ?? code ?? '');
  // A code that is a word is one of the connection.
  return true;
}
