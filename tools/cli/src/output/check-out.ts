import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { usageError } from '../context.ts';

/**
 * Looks, before anything is computed, whether a file can be made under a name. Throws INVALID_ARGUMENT when its folder is
 * not there, ACCESS_DENIED when nothing may be written to it.
 */
export async function checkOut(out: string): Promise<void> {
  const folder = dirname(out);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw outError(out, error);
  }
}

/** A failure to write what `--out` names, as one that names it. */
export function outError(out: string, error: unknown): HyperslabError {
  if (error instanceof HyperslabError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return usageError(`--out ${out}: there is no folder ${dirname(out)}; make it, or choose another`);
  if (code === 'EISDIR') return usageError(`--out ${out}: it is a folder; name a file`);
  const details = { path: out, code };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new HyperslabError('ACCESS_DENIED', `--out ${out}: may not be written (${code})`, details, error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new HyperslabError('DISK_FULL', `--out ${out}: no room on the disk; free some`, details, error);
  return new HyperslabError('INTERNAL', `--out ${out}: could not be written: ${message}`, details, error);
}
