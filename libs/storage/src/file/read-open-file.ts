import { fstatSync, statSync } from 'node:fs';
import { assertVersion } from '../object-errors.ts';
import { planRanges, type RangePlanLimits } from '../range-plan.ts';
import { deliver } from '../read-planned.ts';
import type { ByteRange, ReadOptions } from '../store.ts';
import type { FileHandles } from './file-handles.ts';
import { fileVersion, type OpenFile } from './open-file.ts';

/**
 * Reads bytes of an open file from a position on as far as memory has them, without waiting for a disk or a server, and says how many; it may
 * say 0 for whatever reason.
 */
export type ReadAtOnce = (fd: number, into: Uint8Array, position: number) => number;

/**
 * Ranges of a file that is open already, all of which the page cache has: reading these takes less time than asking another thread to. Undefined
 * whenever anything else is needed, or is wrong; what it is, is told by the usual way.
 */
export function readOpenFile(
  url: string,
  path: string,
  handles: FileHandles,
  readAtOnce: ReadAtOnce,
  limits: RangePlanLimits,
  ranges: readonly ByteRange[],
  options: ReadOptions,
): Uint8Array[] | undefined {
  const file = handles.opened(path);
  if (file === undefined) return undefined;
  try {
    const there = statSync(path, { bigint: true });
    if (there.ino !== file.inode || there.dev !== file.device) return undefined;
  } catch {
    return undefined;
  }
  return readFromMemory(url, file, readAtOnce, limits, ranges, options);
}

/** The same of a file that was found to be the one at its path. */
export function readFromMemory(
  url: string,
  file: OpenFile,
  readAtOnce: ReadAtOnce,
  limits: RangePlanLimits,
  ranges: readonly ByteRange[],
  { expect, allocate, onRequest }: ReadOptions,
): Uint8Array[] | undefined {
  const read: Uint8Array[] = ranges.map(() => new Uint8Array(0));
  try {
    const before = fileVersion(fstatSync(file.fd, { bigint: true }));
    assertVersion(url, expect, before);
    for (const request of planRanges(ranges, limits)) {
      const { offset, length } = request;
      if (offset + length > before.size || length > limits.requestBytes) return undefined;
      const startedMs = performance.now();
      const bytes = allocate?.(length) ?? new Uint8Array(length);
      if (readAtOnce(file.fd, bytes, offset) !== length) return undefined;
      onRequest?.({ offset, length, startedMs });
      for (const part of request.parts) deliver(part, bytes, ranges[part.range].length, read);
    }
    if (expect !== undefined) assertVersion(url, expect, fileVersion(fstatSync(file.fd, { bigint: true })));
    return read;
  } catch {
    return undefined;
  }
}
