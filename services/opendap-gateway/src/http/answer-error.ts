import { asHyperslabError, httpStatus } from '@hyperslab/errors';
import { errorText } from '../dap2/error-text.ts';
import { type Answer, dapHeaders, plainText } from './answer.ts';

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
