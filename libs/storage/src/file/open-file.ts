import type { BigIntStats } from 'node:fs';
import { constants, fstatSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { HyperslabError } from '@hyperslab/errors';
import type { ObjectState } from '../store.ts';
import type { FileRoots } from './file-roots.ts';
import { fileError, notRegular } from './node-error.ts';

/** A file that is open for reading, and which file that is. */
export interface OpenFile {
  handle: FileHandle;
  device: bigint;
  inode: bigint;
}

/**
 * Opens a file within the roots. The check is made on what was opened, not before: a link that is switched between a
 * check and the opening would lead out. Throws OUTSIDE_ROOTS, OBJECT_NOT_FOUND, ACCESS_DENIED, STORAGE_UNAVAILABLE.
 */
export async function openFile(url: string, path: string, roots: FileRoots): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    // At once, not by way of other threads: opening brought to memory what these ask for.
    const opened = fstatSync(handle.fd, { bigint: true });
    const real = realpathSync.native(path);
    await roots.assertAllowed(url, real);
    const allowed = statSync(real, { bigint: true });
    if (!isSameFile(opened, allowed)) throw switched(url);
    if (!opened.isFile()) throw notRegular(url, opened);
    return { handle, device: opened.dev, inode: opened.ino };
  } catch (error) {
    await handle?.close();
    throw fileError(url, error);
  }
}

/** State of a file: its size, its times of last modification and change to the microsecond, and its inode. */
export function fileVersion({ size, mtimeNs, ctimeNs, ino }: BigIntStats): ObjectState {
  return {
    size: Number(size),
    etag: '',
    modifiedUs: Number(mtimeNs / 1000n),
    file: { changedUs: Number(ctimeNs / 1000n), inode: String(ino) },
  };
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function switched(url: string): HyperslabError {
  return new HyperslabError(
    'STORAGE_UNAVAILABLE',
    `${url}: the file was replaced while it was opened; try again`,
    { url },
  );
}
