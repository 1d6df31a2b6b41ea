import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatByteSize } from '@hyperslab/config';
import { stateDirectory } from '../up/state-directory.ts';
import { readStateLock, runningHolder } from '../up/state-lock.ts';
import type { Check } from './check.ts';

const leastFreeBytes = 256 * 1024 * 1024;

/** The state directory: it can be written, there is room, and who holds it. */
export async function checkState(given: string | undefined): Promise<Check[]> {
  const directory = stateDirectory(given);
  const existing = await firstExisting(directory);
  const writable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  const space = await statfs(existing);
  const free = space.bavail * space.bsize;
  const holder = await runningHolder(directory);
  const stale = holder === undefined && (await readStateLock(directory)) !== undefined;
  return [
    {
      name: 'state',
      ok: writable,
      detail: writable ? directory : `${existing} can't be written; choose another with --state`,
    },
    {
      name: 'disk',
      ok: free >= leastFreeBytes,
      detail: `${formatByteSize(free)} free${free >= leastFreeBytes ? '' : '; make room'}`,
    },
    { name: 'lock', ok: !stale, detail: lockDetail(holder?.pid, stale) },
  ];
}

function lockDetail(pid: number | undefined, stale: boolean): string {
  if (pid !== undefined) return `held by process ${pid}`;
  return stale ? 'its process has ended without releasing it; the next `hyperslab up` takes it over' : 'free';
}

/** The folder, or the nearest above it that exists. */
async function firstExisting(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined || at === dirname(at)) return at;
  }
}
