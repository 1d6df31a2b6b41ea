import { HyperslabError } from '@hyperslab/errors';

/** The definition of a file that can't be written as netCDF-4. */
export function invalidDefinition(message: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', message);
}
