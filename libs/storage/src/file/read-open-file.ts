import { fstatSync, statSync } from 'node:fs';
import { assertVersion } from '../object-errors.ts';
import { planRanges, type RangePlanLimits } from '../range-plan.ts';
import { deliver } from '../read-planned.ts';
import type { ByteRange, ObjectState, ReadOptions } from '../store.ts';
import { fileVersion, type OpenFile } from './open-file.ts';

/**
 * Reads bytes of an open file from a position on as far as memory has them, without waiting for a disk or a server, and says how many; it may
 * say 0 for whatever reason.
 */
export type ReadAtOnce = (fd: number, into: Uint8Array, position: number) => number;

/**
 * Ranges of an open file, all of which the page cache has: reading these takes less time than asking another thread to. Undefined whenever
 * anything else is needed, or is wrong, as when its name is gone or another file's; what it is, is told by the usual way.
 */
export function readOpenFile(
  url: string,
  path: string,
  file: OpenFile,
  readAtOnce: ReadAtOnce,
  limits: RangePlanLimits,
  ranges: readonly ByteRange[],
  { expect, allocate, onRequest }: ReadOptions,
): Uint8Array[] | undefined {
  const { fd } = file;
  const read: Uint8Array[] = ranges.map(() => new Uint8Array(0));
  try {
    // Who says which state is wanted gets that, wherever its name leads by now.
    if (expect === undefined && stateOfOpen(path, file) === undefined) return undefined;
    for (const request of planRanges(ranges, limits)) {
      const { offset, length } = request;
      if (length > limits.requestBytes) return undefined;
      const startedMs = performance.now();
      const bytes = allocate?.(length) ?? new Uint8Array(length);
      if (readAtOnce(fd, bytes, offset) !== length) return undefined;
      onRequest?.({ offset, length, startedMs });
      for (const part of request.parts) deliver(part, bytes, ranges[part.range].length, read);
    }
    // A look after the reading is enough: who wrote before or meanwhile has left another time.
    const after = fstatSync(fd, { bigint: true });
    if (after.nlink === 0n) return undefined;
    assertVersion(url, expect, fileVersion(after));
    return read;
  } catch {
    return undefined;
  }
}

/** The state of an open file; undefined when it is not the one at its path any more, or that can't be told at once. */
export function stateOfOpen(path: string, { device, inode }: OpenFile): ObjectState | undefined {
  try {
    const there = statSync(path, { bigint: true });
    return there.dev === device && there.ino === inode ? fileVersion(there) : undefined;
  } catch {
    return undefined;
  }
}
