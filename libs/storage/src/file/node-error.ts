import { asHyperslabError, HyperslabError, type Reason } from '@hyperslab/errors';

const notRegularMessage = 'is no regular file but a device, a pipe or a socket; check the path';

/** What Node's error codes of the file system mean here, and what to do. */
const meanings: Readonly<Record<string, readonly [reason: Reason, message: string]>> = {
  ENOENT: ['OBJECT_NOT_FOUND', 'no such file; check the path'],
  ENOTDIR: ['OBJECT_NOT_FOUND', 'no such file: a part of its path is no directory; check the path'],
  ELOOP: ['OBJECT_NOT_FOUND', 'its symbolic links lead in a circle; mend the links'],
  ENAMETOOLONG: ['URL_INVALID', 'the path is too long; check the path'],
  EISDIR: ['URL_INVALID', 'expected a file, found a directory; end it with a slash to take all files in it'],
  ENXIO: ['URL_INVALID', notRegularMessage],
  EACCES: ['ACCESS_DENIED', 'reading or writing is not permitted; change its permissions'],
  EPERM: ['ACCESS_DENIED', 'reading or writing is not permitted; change its permissions'],
  EROFS: ['ACCESS_DENIED', 'the file system is read-only; choose another folder'],
  ENOSPC: ['DISK_FULL', 'the disk is full; make room on it'],
  EDQUOT: ['DISK_FULL', 'the disk quota is used up; make room or raise it'],
  EFBIG: ['DISK_FULL', 'the file system takes no file of this size; choose another'],
  // Too many open files, a stale network file system, a failing or busy device: another try may do.
  EMFILE: ['STORAGE_UNAVAILABLE', 'too many files are open; raise the limit (ulimit -n) or try again'],
  ENFILE: ['STORAGE_UNAVAILABLE', 'too many files are open on this machine; try again'],
  ESTALE: ['STORAGE_UNAVAILABLE', 'the network file system lost the file; try again'],
  EIO: ['STORAGE_UNAVAILABLE', 'the device failed to read or write; check the disk'],
  EBUSY: ['STORAGE_UNAVAILABLE', 'the file is busy; try again'],
  ETIMEDOUT: ['STORAGE_UNAVAILABLE', 'the network file system does not answer; try again'],
};

/** A failed call to the file system as one of ours. */
export function fileError(url: string, cause: unknown): HyperslabError {
  const code = (cause as NodeJS.ErrnoException)?.code;
  if (code === undefined || cause instanceof HyperslabError) return asHyperslabError(cause);
  const [reason, message] = meanings[code] ?? ['STORAGE_UNAVAILABLE', 'the file system failed; try again'];
  return new HyperslabError(reason, `${url}: ${message} (${code})`, { url, code }, cause);
}

/** What is said of a path that leads to a folder, a device, a pipe or a socket. */
export function notRegular(url: string, stats: { isDirectory(): boolean }): HyperslabError {
  if (stats.isDirectory()) return fileError(url, { code: 'EISDIR' });
  return new HyperslabError('URL_INVALID', `${url}: ${notRegularMessage}`, { url });
}
