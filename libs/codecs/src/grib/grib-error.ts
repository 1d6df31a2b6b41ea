import { HyperslabError } from '@hyperslab/errors';
import { codecCorrupt } from '../codec-error.ts';

/** A message that breaks the Manual on Codes (WMO-No. 306). `expected` and `found` are phrases. */
export function gribCorrupt(expected: string, found: string, cause?: unknown): HyperslabError {
  return codecCorrupt('grib', expected, found, cause);
}

/** A message that is whole but packed in a way that is not read here. `what` is a phrase: "a matrix of values at each point". */
export function gribUnsupported(what: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_UNSUPPORTED',
    `codec "grib": ${what} is not supported; pack the field again with simple packing`,
    { codec: 'grib', found: what },
  );
}
