import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { throwIfCancelled } from '../cancelled.ts';
import { type Glob, isGlob, parseGlob } from '../glob.ts';
import type { ListedObject, ListOptions } from '../store.ts';
import type { FileRoots } from './file-roots.ts';
import { fileError, notRegular } from './node-error.ts';
import { fileVersion } from './open-file.ts';

/** What a path leads to, within the roots. */
interface FoundPath {
  url: string;
  stats: BigIntStats;
}

/**
 * Files that an absolute path, glob or prefix (ending in a slash) stands for, in order of URL. Folders are read one at a
 * time, as the listing is consumed. Symbolic links are followed within the roots; one that leads out is OUTSIDE_ROOTS.
 */
export async function* listFiles(
  pattern: string,
  roots: FileRoots,
  signal?: AbortSignal,
  options?: ListOptions,
): AsyncIterable<ListedObject> {
  const named = pattern.endsWith('/') ? undefined : await pathAt(pattern, roots);
  if (named?.stats.isFile()) {
    // A name that holds a wildcard's character is meant when there is such a file.
    yield listed(named);
    return;
  }
  if (!isGlob(pattern) && !pattern.endsWith('/')) {
    throw named === undefined
      ? fileError(urlOf(pattern), { code: 'ENOENT' })
      : notRegular(named.url, named.stats);
  }
  const glob = parseGlob(pattern, options);
  roots.assertLooksAllowed(urlOf(glob.base), glob.base === '/' ? '/' : glob.base.slice(0, -1));
  yield* walk(glob.base, glob, roots, [], signal);
}

async function* walk(
  folder: string,
  glob: Glob,
  roots: FileRoots,
  above: readonly string[],
  signal?: AbortSignal,
): AsyncIterable<ListedObject> {
  const real = await allowedRealPath(folder, roots);
  // A link to a folder above would lead round for ever.
  if (above.includes(real)) return;
  for (const entry of await sortedEntries(folder)) {
    throwIfCancelled(signal);
    const path = join(folder, entry.name);
    if (await isFolder(entry, path)) {
      if (glob.mayHold(path)) yield* walk(`${path}/`, glob, roots, [...above, real], signal);
    } else if (glob.matches(path)) {
      const found = await pathAt(path, roots);
      if (found?.stats.isFile()) yield listed(found);
    }
  }
}

async function sortedEntries(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // As the URLs of what they hold compare: a folder's name is followed by a slash there.
    const keyed = entries.map((entry) => ({
      entry,
      key: encodeURI(entry.name) + (entry.isDirectory() ? '/' : ''),
    }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    return keyed.map(({ entry }) => entry);
  } catch (error) {
    throw fileError(urlOf(folder), error);
  }
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(path).catch(() => undefined);
  return target?.isDirectory() ?? false;
}

/** What is at a path; undefined when there is nothing. Throws OUTSIDE_ROOTS. */
async function pathAt(path: string, roots: FileRoots): Promise<FoundPath | undefined> {
  const url = urlOf(path);
  try {
    const stats = await stat(path, { bigint: true });
    await allowedRealPath(path, roots);
    return { url, stats };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw fileError(url, error);
  }
}

function listed({ url, stats }: FoundPath): ListedObject {
  return { url, ...fileVersion(stats) };
}

async function allowedRealPath(path: string, roots: FileRoots): Promise<string> {
  try {
    const real = await realpath(path);
    await roots.assertAllowed(urlOf(path), real);
    return real;
  } catch (error) {
    throw fileError(urlOf(path), error);
  }
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
