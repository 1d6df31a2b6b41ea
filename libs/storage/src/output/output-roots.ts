import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { parseLocation } from '../location.ts';
import { parseRoots } from '../roots.ts';

/**
 * Lets a URL be written to that lies below a root, and by where its folder really leads. A root itself may not be: what lies below
 * it is others'.
 * @throws HyperslabError OUTSIDE_ROOTS, URL_INVALID
 */
export async function assertOutputAllowed(url: string, roots: readonly string[]): Promise<void> {
  const location = parseLocation(url);
  const allowed = parseRoots(roots);
  try {
    if (location.kind === 's3') allowed.assertAllowed({ ...location, key: prefixAbove(location.key) });
    else if (location.kind === 'http') allowed.assertAllowed(location);
    else {
      const folder = dirname(location.path.replace(/\/+$/, ''));
      allowed.files.assertLooksAllowed(url, folder);
      // One that is not there is told by what makes the folder in it.
      const real = await realpath(folder).catch(() => undefined);
      if (real !== undefined) await allowed.files.assertAllowed(url, real);
    }
  } catch (error) {
    if (!isHyperslabError(error, 'OUTSIDE_ROOTS')) throw error;
    throw new HyperslabError(
      'OUTSIDE_ROOTS',
      `${url}: workers may not write there; ask the operator to add a root (HYPERSLAB_OUTPUT_ROOTS), or write it without --on-workers`,
      { url },
    );
  }
}

/** The prefix that a key lies in, without a slash; that of the bucket itself is empty. */
function prefixAbove(key: string): string {
  const plain = key.replace(/\/+$/, '');
  return plain.slice(0, Math.max(0, plain.lastIndexOf('/')));
}
