import type { BigIntStats } from 'node:fs';
import { close, constants, fstatSync, open, realpathSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { HyperslabError } from '@hyperslab/errors';
import type { ObjectState } from '../store.ts';
import type { FileRoots } from './file-roots.ts';
import { fileError, notRegular } from './node-error.ts';

/** A file that is open for reading, and which file that is. */
export interface OpenFile {
  /** Its descriptor: a `FileHandle` costs as much as a small read from it. */
  fd: number;
  device: bigint;
  inode: bigint;
}

const openDescriptor = promisify(open);
const closeDescriptor = promisify(close);

/**
 * Opens a file within the roots. The check is made on what was opened, not before: a link that is switched between a
 * check and the opening would lead out. Throws OUTSIDE_ROOTS, OBJECT_NOT_FOUND, ACCESS_DENIED, STORAGE_UNAVAILABLE.
 */
export async function openFile(url: string, path: string, roots: FileRoots): Promise<OpenFile> {
  let fd: number | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    fd = await openDescriptor(path, constants.O_RDONLY | constants.O_NONBLOCK);
    // At once, not by way of other threads: opening brought to memory what these ask for.
    const opened = fstatSync(fd, { bigint: true });
    const real = realpathSync.native(path);
    await roots.assertAllowed(url, real);
    const allowed = statSync(real, { bigint: true });
    if (!isSameFile(opened, allowed)) throw switched(url);
    if (!opened.isFile()) throw notRegular(url, opened);
    return { fd, device: opened.dev, inode: opened.ino };
  } catch (error) {
    if (fd !== undefined) await closeDescriptor(fd);
    throw fileError(url, error);
  }
}

/** Closes it. One that was open for reading has nothing to lose. */
export async function closeFile({ fd }: OpenFile): Promise<void> {
  await closeDescriptor(fd).catch(() => undefined);
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
