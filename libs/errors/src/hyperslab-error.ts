/**
 * Why something failed, for programs. Each reason belongs to one kind of answer: what a caller of the same failure
 * over gRPC sees as a status code, and a shell as an exit status.
 */
export const reasons = {
  // The caller asked for something that makes no sense: change the request.
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  EXPRESSION_INVALID: 'INVALID_ARGUMENT',
  NAME_INVALID: 'INVALID_ARGUMENT',
  URL_INVALID: 'INVALID_ARGUMENT',
  // It is not there: look for another name.
  DATASET_NOT_FOUND: 'NOT_FOUND',
  VARIABLE_NOT_FOUND: 'NOT_FOUND',
  JOB_NOT_FOUND: 'NOT_FOUND',
  BLOCK_NOT_FOUND: 'NOT_FOUND',
  OBJECT_NOT_FOUND: 'NOT_FOUND',
  SNAPSHOT_NOT_FOUND: 'NOT_FOUND',
  KUBERNETES_NOT_FOUND: 'NOT_FOUND',
  // It is there and may not be touched: ask the operator.
  OUTSIDE_ROOTS: 'PERMISSION_DENIED',
  ACCESS_DENIED: 'PERMISSION_DENIED',
  KUBERNETES_DENIED: 'PERMISSION_DENIED',
  // The data is not as it must be: mend the data, or publish it again.
  OBJECT_CHANGED: 'FAILED_PRECONDITION',
  RANGES_UNSUPPORTED: 'FAILED_PRECONDITION',
  FORMAT_UNKNOWN: 'FAILED_PRECONDITION',
  FORMAT_CORRUPT: 'FAILED_PRECONDITION',
  FORMAT_UNSUPPORTED: 'FAILED_PRECONDITION',
  MERGE_CONFLICT: 'FAILED_PRECONDITION',
  NOT_COMPUTABLE: 'FAILED_PRECONDITION',
  STORED_ALIKE_NEEDED: 'FAILED_PRECONDITION',
  // A mesh does not start: another is in the way, or a service ends; stop it, choose another place, read the log.
  STATE_IN_USE: 'FAILED_PRECONDITION',
  PORT_IN_USE: 'FAILED_PRECONDITION',
  START_FAILED: 'FAILED_PRECONDITION',
  JOURNAL_GAP: 'FAILED_PRECONDITION',
  REQUEST_REUSED: 'ALREADY_EXISTS',
  JOURNAL_CONFLICT: 'DATA_LOSS',
  CHECKSUM_MISMATCH: 'DATA_LOSS',
  // It would take too much: ask for less, or raise the limit.
  TOO_LARGE: 'RESOURCE_EXHAUSTED',
  DISK_FULL: 'RESOURCE_EXHAUSTED',
  // It may work later: try again.
  UNAVAILABLE: 'UNAVAILABLE',
  KUBERNETES_CONFLICT: 'UNAVAILABLE',
  STORAGE_UNAVAILABLE: 'UNAVAILABLE',
  WORKER_LOST: 'UNAVAILABLE',
  OTHER_KERNELS: 'UNAVAILABLE',
  SHORT_READ: 'UNAVAILABLE',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  CANCELLED: 'CANCELLED',
  // A defect of ours.
  INTERNAL: 'INTERNAL',
} as const;

export type Reason = keyof typeof reasons;
export type StatusName = (typeof reasons)[Reason];

/** Particulars of a failure: url, offset, variable, expected, found, … */
export type ErrorDetails = Record<string, string>;

/**
 * A failure that a person can act on. The message is one line in lower case: the thing first, then what was expected
 * and found, then what to do. The original error is the `cause`.
 */
export class HyperslabError extends Error {
  readonly reason: Reason;
  readonly details: ErrorDetails;

  constructor(reason: Reason, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HyperslabError';
    this.reason = reason;
    this.details = details;
  }

  /** Name of the gRPC status code of this failure. */
  get status(): StatusName {
    return reasons[this.reason];
  }

  /** Whether the same request may succeed if it is made again. */
  get retryable(): boolean {
    return this.status === 'UNAVAILABLE';
  }
}

/** True for a HyperslabError, with the given reason if one is given. */
export function isHyperslabError(error: unknown, reason?: Reason): error is HyperslabError {
  return error instanceof HyperslabError && (reason === undefined || error.reason === reason);
}

/** Any thrown thing as a HyperslabError: itself, a cancellation for an AbortError, a passed deadline for a TimeoutError, else a defect. */
export function asHyperslabError(error: unknown): HyperslabError {
  if (error instanceof HyperslabError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new HyperslabError('CANCELLED', 'cancelled', {}, error);
  // What AbortSignal.timeout aborts with.
  if (error instanceof Error && error.name === 'TimeoutError')
    return new HyperslabError('DEADLINE_EXCEEDED', 'the deadline has passed', {}, error);
  const message = error instanceof Error ? error.message : String(error);
  return new HyperslabError('INTERNAL', message, {}, error);
}
