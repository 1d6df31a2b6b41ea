import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';

/** A file that appears under its name only when it is whole and on disk. */
export interface AtomicFile {
  /** Writes all bytes at a position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Gives the file its length and makes it durable, then gives it its name, replacing one that has it. */
  commit(length: number): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Opens a file beside `path` that `commit` renames to it. Throws HyperslabError INVALID_ARGUMENT, ACCESS_DENIED or DISK_FULL. */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const handle = await open(temporary, 'wx').catch((error) => {
    throw writeError(path, error);
  });
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
        await rename(temporary, path);
        await syncFolder(folder);
      } catch (error) {
        throw writeError(path, error);
      }
    },
    async discard() {
      await handle.close().catch(() => {});
      await unlink(temporary).catch(() => {});
    },
  };
}

/** Without this the name may be lost with the power although the bytes are safe. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder);
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

function writeError(path: string, error: unknown): HyperslabError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const details = { path, code };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new HyperslabError(
      'DISK_FULL',
      `${path}: no room on the disk; free some and write again`,
      details,
      error,
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new HyperslabError('ACCESS_DENIED', `${path}: may not be written (${code})`, details, error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')
    return new HyperslabError(
      'INVALID_ARGUMENT',
      `${path}: expected a file in a folder that exists (${code})`,
      details,
      error,
    );
  return new HyperslabError(
    'INTERNAL',
    `${path}: could not be written: ${(error as Error).message}`,
    details,
    error,
  );
}
