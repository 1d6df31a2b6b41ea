import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Nobody writes for a day without any byte: what is older was left by a process of a machine that we can't ask. */
const abandonedMs = 24 * 60 * 60_000;

const host = hostname().replace(/[^A-Za-z0-9-]/g, '-');

/** A name beside `path` for what is being written, hidden from listings. It says which process writes. */
export function unfinishedPath(path: string): string {
  return besidePath(path, 'part');
}

/** A name beside `path` for what is under it, while something else takes its place. */
export function asidePath(path: string): string {
  return besidePath(path, 'old');
}

function besidePath(path: string, ending: 'part' | 'old'): string {
  const owner = `${host}.${process.pid}.${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${owner}.${ending}`);
}

/**
 * Removes what writers of `path` left that were killed: of processes of this machine that are gone, and of others whatever is
 * a day old. What a living process writes stays. What had stepped aside and was not replaced gets its name back.
 */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.`;
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const owner = name.startsWith(prefix) ? ownerOf(name.slice(prefix.length)) : undefined;
    if (owner === undefined) continue;
    const left = join(folder, name);
    const isLeft = owner.host === host ? !isAlive(owner.pid) : await isOld(left);
    if (!isLeft) continue;
    if (owner.ending === 'old' && !(await isThere(path)) && (await gotName(left, path))) continue;
    await rm(left, { recursive: true, force: true });
  }
}

function ownerOf(rest: string): { host: string; pid: number; ending: string } | undefined {
  const [, host, pid, ending] = /^([A-Za-z0-9-]*)\.(\d+)\.[0-9a-f]{12}\.(part|old)$/.exec(rest) ?? [];
  return pid === undefined ? undefined : { host, pid: Number(pid), ending };
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** False when something else has got it meanwhile. */
async function gotName(left: string, path: string): Promise<boolean> {
  return rename(left, path).then(
    () => true,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > abandonedMs;
  } catch {
    return false;
  }
}
