import { asHyperslabError, type StatusName } from '@hyperslab/errors';
import { errorText } from '../dap2/error-text.ts';
import { type Answer, dapHeaders, plainText } from './answer.ts';

/** HTTP's word for each kind of failure. */
const httpStatus: Readonly<Record<StatusName, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  PERMISSION_DENIED: 403,
  FAILED_PRECONDITION: 409,
  ALREADY_EXISTS: 409,
  DATA_LOSS: 500,
  RESOURCE_EXHAUSTED: 413,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  CANCELLED: 499,
  INTERNAL: 500,
};

/** A failure as a DAP2 error. */
export function answerError(thrown: unknown): Answer {
  const error = asHyperslabError(thrown);
  // A name of a variable in a constraint is a bad constraint, not a missing page.
  const status = error.reason === 'VARIABLE_NOT_FOUND' ? 400 : httpStatus[error.status];
  return {
    status,
    headers: dapHeaders('dods_error', plainText),
    body: errorText(status, error.message),
  };
}
