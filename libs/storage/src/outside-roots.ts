import { HyperslabError } from '@hyperslab/errors';

/** A URL that no operator allowed. The roots themselves are not told: that is the operator's business. */
export function outsideRoots(url: string): HyperslabError {
  return new HyperslabError(
    'OUTSIDE_ROOTS',
    `${url}: it is outside the data roots; ask the operator to add a root (--root or HYPERSLAB_DATA_ROOTS)`,
    { url },
  );
}
