import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { syncFolder } from './sync-folder.ts';
import { removeAbandoned, unfinishedPath } from './unfinished.ts';

/** A file that appears under its name only when it is whole and on disk. */
export interface AtomicFile {
  /** Writes all bytes at a position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Gives the file its length and makes it durable, then gives it its name. */
  commit(length: number): Promise<void>;
  /** Removes what was written; nothing happens after a commit that succeeded. */
  discard(): Promise<void>;
}

export interface AtomicFileOptions {
  /** Whether a file that has the name is replaced; it is refused else, also one that comes while this is written. */
  replace?: boolean;
}

/**
 * Opens a file beside `path` that `commit` gives its name. What killed writers of that name left is removed.
 * @throws HyperslabError INVALID_ARGUMENT, ACCESS_DENIED, DISK_FULL
 */
export async function createAtomicFile(
  path: string,
  { replace = true }: AtomicFileOptions = {},
): Promise<AtomicFile> {
  const folder = dirname(path);
  await removeAbandoned(path);
  if (!replace) await assertAbsent(path);
  await assertNoFolder(path);
  const temporary = unfinishedPath(path);
  const handle = await open(temporary, 'wx').catch((error) => {
    throw writeError(path, error);
  });
  let committed = false;
  return {
    async write(bytes, position) {
      try {
        for (let at = 0; at < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
          at += bytesWritten;
        }
      } catch (error) {
        throw writeError(path, error);
      }
    },
    async commit(length) {
      try {
        // The end may never have been written: room for chunks that did not come.
        await handle.truncate(length);
        await handle.sync();
        await handle.close();
        await giveName(temporary, path, replace);
        committed = true;
        await syncFolder(folder);
      } catch (error) {
        throw writeError(path, error);
      }
    },
    async discard() {
      if (committed) return;
      await handle.close().catch(() => {});
      await unlink(temporary).catch(() => {});
    },
  };
}

/** Throws INVALID_ARGUMENT for what no file can be given: found at the end, all that was computed for it would be lost. */
async function assertNoFolder(path: string): Promise<void> {
  const isFolder = path.endsWith('/') || (await stat(path).catch(() => undefined))?.isDirectory();
  if (!isFolder) return;
  throw new HyperslabError('INVALID_ARGUMENT', `${path}: is the name of a folder; choose that of a file`, {
    path,
  });
}

/** Throws INVALID_ARGUMENT when there is something under a name. */
export async function assertAbsent(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) throw alreadyThere(path);
}

/** A second name can't be given where a first one is: unlike `rename`, `link` replaces nothing. */
async function giveName(temporary: string, path: string, replace: boolean): Promise<void> {
  if (replace) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    // File systems without links.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    await assertAbsent(path);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

function alreadyThere(path: string, cause?: unknown): HyperslabError {
  const message = `${path}: is there already; choose another name, or say that it may be overwritten`;
  return new HyperslabError('INVALID_ARGUMENT', message, { path }, cause);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** What writing `path` failed with, as an error that says what to do. */
export function writeError(path: string, error: unknown): HyperslabError {
  if (error instanceof HyperslabError) return error;
  const code = codeOf(error);
  const details = { path, code };
  if (code === 'EEXIST' || code === 'ENOTEMPTY') return alreadyThere(path, error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `${path}: no room on the disk; free some and write again`;
    return new HyperslabError('DISK_FULL', message, details, error);
  }
  if (code === 'EFBIG') {
    const message = `${path}: larger than a file may be here; raise the limit (ulimit -f), or choose another disk`;
    return new HyperslabError('DISK_FULL', message, details, error);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new HyperslabError('ACCESS_DENIED', `${path}: may not be written (${code})`, details, error);
  if (code === 'ENAMETOOLONG') {
    const message = `${path}: its name is too long, with what is added while it is written; choose a shorter one`;
    return new HyperslabError('INVALID_ARGUMENT', message, details, error);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
    const message = `${path}: expected a file in a folder that exists (${code})`;
    return new HyperslabError('INVALID_ARGUMENT', message, details, error);
  }
  const message = `${path}: could not be written: ${(error as Error).message}`;
  return new HyperslabError('INTERNAL', message, details, error);
}
