import { fstatSync, read } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { throwIfCancelled } from '../cancelled.ts';
import { checkRanges, checkWithin } from '../check-ranges.ts';
import type { Limiter } from '../limiter.ts';
import { assertVersion, shortRead } from '../object-errors.ts';
import type { RangePlanLimits } from '../range-plan.ts';
import { readPlanned } from '../read-planned.ts';
import type { ByteRange, ByteSource, ObjectHead, ObjectVersion, ReadOptions } from '../store.ts';
import type { FileHandles } from './file-handles.ts';
import type { FileRoots } from './file-roots.ts';
import { fileError } from './node-error.ts';
import { fileVersion, type OpenFile, openFile } from './open-file.ts';
import { type ReadAtOnce, readOpenFile, stateOfOpen } from './read-open-file.ts';

/** What all files of a storage share. */
export interface FileAccess {
  roots: FileRoots;
  handles: FileHandles;
  /** Files that are in use at once. */
  files: Limiter;
  /** Reads that run at once. */
  reads: Limiter;
  readAtOnce?: ReadAtOnce;
}

// A read of a page more costs less than another call; beyond that, the unwanted bytes do.
const limits: RangePlanLimits = { gapBytes: 4 * 1024, requestBytes: 8 * 1024 * 1024 };

const readDescriptor = promisify(read);

/** A file of this machine, read by ranges. */
export function fileSource(url: string, path: string, access: FileAccess): ByteSource {
  return {
    url,
    async stat(signal) {
      throwIfCancelled(signal);
      const opened = access.readAtOnce && access.handles.opened(path);
      const version = opened && stateOfOpen(path, opened);
      return version ?? useFile(url, path, access, async ({ fd }) => versionOf(fd), signal);
    },
    async read(ranges, options = {}) {
      checkRanges(url, ranges);
      throwIfCancelled(options.signal);
      const { handles, readAtOnce } = access;
      const readNow = (file: OpenFile) =>
        readAtOnce && readOpenFile(url, path, file, readAtOnce, limits, ranges, options);
      const opened = handles.opened(path);
      const read = opened && readNow(opened);
      if (read !== undefined) return read;
      const body = async (file: OpenFile) =>
        (opened === undefined ? readNow(file) : undefined) ??
        readFile(url, file, ranges, options, access.reads);
      return useFile(url, path, access, body, options.signal);
    },
    async readHead(length, options) {
      throwIfCancelled(options.signal);
      const body = (file: OpenFile) => readStart(url, file, length, options, access.reads);
      return useFile(url, path, access, body, options.signal);
    },
  };
}

async function useFile<T>(
  url: string,
  path: string,
  { roots, handles, files }: FileAccess,
  body: (file: OpenFile) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return files.run(async () => {
    await forgetIfReplaced(url, path, handles);
    try {
      return await handles.use(path, () => openFile(url, path, roots), body);
    } catch (error) {
      throw fileError(url, error);
    }
  }, signal);
}

/** An open file goes on showing what was there before another one was put in its place. */
async function forgetIfReplaced(url: string, path: string, handles: FileHandles): Promise<void> {
  const known = handles.peek(path);
  if (known === undefined) return;
  try {
    const [file, now] = await Promise.all([known, stat(path, { bigint: true })]);
    if (file.device !== now.dev || file.inode !== now.ino) handles.forget(path);
  } catch (error) {
    handles.forget(path);
    throw fileError(url, error);
  }
}

/**
 * Reads between two looks at the version: bytes that somebody wrote in between are noticed, whichever side of the
 * writing they were on.
 */
async function readFile(
  url: string,
  { fd }: OpenFile,
  ranges: readonly ByteRange[],
  { signal, expect, onRequest, allocate }: ReadOptions,
  limiter: Limiter,
): Promise<Uint8Array[]> {
  const version = versionOf(fd);
  assertVersion(url, expect, version);
  checkWithin(url, ranges, version.size);
  try {
    return await readPlanned(
      url,
      ranges,
      limits,
      limiter,
      async (range) => {
        const startedMs = performance.now();
        const bytes = await readRange(url, fd, range, allocate);
        onRequest?.({ offset: range.offset, length: bytes.length, startedMs });
        return bytes;
      },
      signal,
    );
  } finally {
    // Thrown from here on purpose: that the file changed explains a short read, and outranks a success.
    if (expect !== undefined) assertVersion(url, expect, versionOf(fd));
  }
}

/** The first bytes, in the state that the file has before and after. */
async function readStart(
  url: string,
  file: OpenFile,
  length: number,
  options: ReadOptions,
  limiter: Limiter,
): Promise<ObjectHead> {
  const version = versionOf(file.fd);
  const range = { offset: 0, length: Math.min(length, version.size) };
  const [bytes] = await readFile(url, file, [range], { ...options, expect: version }, limiter);
  return { version, bytes };
}

/** At once, not by way of another thread: of an open file it is at hand, and asking elsewhere costs more than a small read. */
function versionOf(fd: number): ObjectVersion {
  return fileVersion(fstatSync(fd, { bigint: true }));
}

async function readRange(
  url: string,
  fd: number,
  range: ByteRange,
  allocate: (length: number) => Uint8Array = (length) => new Uint8Array(length),
): Promise<Uint8Array> {
  const bytes = allocate(range.length);
  let filled = 0;
  while (filled < range.length) {
    const at = range.offset + filled;
    const { bytesRead } = await readDescriptor(fd, bytes, filled, range.length - filled, at);
    if (bytesRead === 0) throw shortRead(url, range, filled);
    filled += bytesRead;
  }
  return bytes;
}
