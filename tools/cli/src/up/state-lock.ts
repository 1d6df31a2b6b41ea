import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { isSameProcess, processStart } from './process-start.ts';

/** A service process of the mesh that holds a state directory. */
interface LockedService {
  name: string;
  /** Process, or null while it is being restarted. */
  pid: number | null;
  address: string;
  /** URL that answers 200 when the service is ready. */
  readyUrl: string;
}

/** Who holds a state directory. */
export interface LockHolder {
  pid: number;
  /** When that process started, so that a pid that is used again is not taken for it. */
  processStart: string;
  /** Data roots of the mesh. */
  roots: string[];
  services: LockedService[];
}

/** A held lock. */
export interface StateLock {
  /** Says which services run, for `status` and `down`. */
  update(services: LockedService[]): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a state directory for this process, whose mesh reads below `roots`. The lock of a process that is gone is taken over. Throws
 * STATE_IN_USE, naming the holder, when another mesh runs there.
 */
export async function acquireStateLock(state: string, roots: string[]): Promise<StateLock> {
  await mkdir(state, { recursive: true });
  const path = lockPath(state);
  const { pid } = process;
  const holder: LockHolder = { pid, processStart: processStart(pid), roots, services: [] };
  for (let attempt = 0; !(await createExclusively(path, encode(holder))); attempt++) {
    const present = await readStateLock(state);
    if (present !== undefined && isSameProcess(present.pid, present.processStart))
      throw refusal(state, present);
    if (attempt >= 10) throw new HyperslabError('INTERNAL', `could not take the lock ${path}`, { path });
    await removeStale(path, present);
  }
  return {
    async update(services) {
      const fresh = `${path}.${process.pid}.new`;
      await writeFile(fresh, encode({ ...holder, services }));
      await rename(fresh, path);
    },
    async release() {
      await rm(path, { force: true });
    },
  };
}

/** The holder that the lock file names, running or not; undefined without a lock, or with one that can't be read. */
export async function readStateLock(state: string): Promise<LockHolder | undefined> {
  return readLock(lockPath(state));
}

/** The holder of a state directory if it is running. */
export async function runningHolder(state: string): Promise<LockHolder | undefined> {
  const holder = await readStateLock(state);
  return holder !== undefined && isSameProcess(holder.pid, holder.processStart) ? holder : undefined;
}

function lockPath(state: string): string {
  return join(state, 'lock');
}

function encode(holder: LockHolder): string {
  return `${JSON.stringify(holder, null, 2)}\n`;
}

function refusal(state: string, holder: LockHolder): HyperslabError {
  return new HyperslabError(
    'STATE_IN_USE',
    `a mesh already runs on ${state} (process ${holder.pid}); stop it with \`hyperslab down\`, or choose another --state`,
    { state, pid: String(holder.pid) },
  );
}

/** Creates a file with its whole content, or answers false when there is one: nobody ever sees a half-written lock. */
async function createExclusively(path: string, content: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  const file = await open(own, 'w');
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Moves a stale lock away; puts it back if in the meantime it became another's. */
async function removeStale(path: string, stale: LockHolder | undefined): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved?.pid !== stale?.pid || moved?.processStart !== stale?.processStart) {
    await link(aside, path).catch(() => {});
  }
  await rm(aside, { force: true });
}

async function readLock(path: string): Promise<LockHolder | undefined> {
  try {
    const content = JSON.parse(await readFile(path, 'utf8')) as LockHolder;
    return Number.isSafeInteger(content.pid) && content.pid > 0 ? content : undefined;
  } catch {
    return undefined;
  }
}
