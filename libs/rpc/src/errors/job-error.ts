import { status } from '@grpc/grpc-js';
import { asHyperslabError, HyperslabError, type Reason, reasons } from '@hyperslab/errors';
import type { JobError } from '@hyperslab/proto/scheduler';

/** Any thrown thing as it is kept in a job or told by a worker. */
export function jobError(thrown: unknown): JobError {
  const error = asHyperslabError(thrown);
  return {
    code: status[error.status],
    reason: error.reason,
    message: error.message,
    details: { ...error.details },
  };
}

/** The failure that a JobError tells of; INTERNAL where its reason is one that this version does not know. */
export function fromJobError({ reason, message, details }: JobError): HyperslabError {
  const known = Object.hasOwn(reasons, reason);
  return new HyperslabError(
    known ? (reason as Reason) : 'INTERNAL',
    message,
    known ? details : { ...details, reason },
  );
}
