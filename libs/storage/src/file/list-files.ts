import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
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
 * time, as the listing is consumed. Symbolic links are followed within the roots; one that leads out is OUTSIDE_ROOTS. Throws
 * as `Storage.list` does.
 */
export async function* listFiles(
  pattern: string,
  roots: FileRoots,
  signal?: AbortSignal,
  options: ListOptions = {},
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
  yield* walk(glob.base, { glob, roots, onUnlisted: options.onUnlisted ?? refuse, signal }, []);
}

/** Entries of a folder that are looked at together: across a network, each look takes a round trip. */
const entriesAtOnce = 64;

function refuse(error: HyperslabError): never {
  throw error;
}

/** What is looked for in all folders of a listing. */
interface Listing {
  glob: Glob;
  roots: FileRoots;
  onUnlisted: (error: HyperslabError) => void;
  signal?: AbortSignal;
}

async function* walk(
  folder: string,
  listing: Listing,
  above: readonly string[],
): AsyncIterable<ListedObject> {
  const { signal } = listing;
  const opened = await openFolder(folder, listing, above.length > 0);
  // A link to a folder above would lead round for ever.
  if (opened === undefined || above.includes(opened.real)) return;
  const { real, entries } = opened;
  for (let at = 0; at < entries.length; at += entriesAtOnce) {
    throwIfCancelled(signal);
    const some = entries.slice(at, at + entriesAtOnce).map((entry) => lookAt(folder, entry, listing));
    for (const seen of await Promise.all(some)) {
      throwIfCancelled(signal);
      if (seen === undefined) continue;
      if (seen.kind === 'unlisted') listing.onUnlisted(seen.error);
      else if (seen.kind === 'file') yield listed(seen.found);
      else yield* walk(seen.folder, listing, [...above, real]);
    }
  }
}

/** Where a folder really is, and what is in it; undefined where one of another folder (`isInner`) was removed since that was read. */
async function openFolder(
  folder: string,
  { roots }: Listing,
  isInner: boolean,
): Promise<{ real: string; entries: Dirent[] } | undefined> {
  try {
    return { real: await allowedRealPath(folder, roots), entries: await sortedEntries(folder) };
  } catch (error) {
    if (isInner && isHyperslabError(error, 'OBJECT_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** What an entry of a folder is to a listing. */
type SeenEntry =
  | { kind: 'file'; found: FoundPath }
  | { kind: 'folder'; folder: string }
  | { kind: 'unlisted'; error: HyperslabError };

/** What an entry of an allowed folder is; undefined when it is not wanted, or was removed since. */
async function lookAt(
  folder: string,
  entry: Dirent,
  { glob, roots }: Listing,
): Promise<SeenEntry | undefined> {
  const path = folder + entry.name;
  const isHolder = entry.isSymbolicLink() ? await leadsToFolder(path) : entry.isDirectory();
  if (!(isHolder ? glob.mayHold(path) : glob.matches(path))) return undefined;
  const asFolder: SeenEntry = { kind: 'folder', folder: `${path}/` };
  if (isHolder && !isMisread(entry)) return asFolder;
  try {
    // What is no link is within the roots, as the folder is. A link that has taken its place since is not followed.
    const found = await (entry.isSymbolicLink() ? pathAt(path, roots) : statOf(path, lstat));
    if (found?.stats.isFile()) return { kind: 'file', found };
    if (found !== undefined) return isHolder ? asFolder : undefined;
    const error = unlistedError(path, entry);
    return error && { kind: 'unlisted', error };
  } catch (error) {
    if (!isHyperslabError(error, 'OBJECT_NOT_FOUND')) throw error;
    return { kind: 'unlisted', error };
  }
}

/** Node has this character where bytes of a name are no UTF-8, and a path with it leads nowhere; a name may also have it. */
function isMisread({ name }: Dirent): boolean {
  return name.includes('\uFFFD');
}

/** Why nothing is at the path of an entry. */
function unlistedError(path: string, entry: Dirent): HyperslabError | undefined {
  const url = urlOf(path);
  if (isMisread(entry)) {
    const message = `${url}: its name is no UTF-8, and no URL leads to it; rename it`;
    return new HyperslabError('URL_INVALID', message, { url });
  }
  if (!entry.isSymbolicLink()) return undefined;
  const message = `${url}: it is a symbolic link that leads nowhere; mend or remove it`;
  return new HyperslabError('OBJECT_NOT_FOUND', message, { url });
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

async function leadsToFolder(path: string): Promise<boolean> {
  const target = await stat(path).catch(() => undefined);
  return target?.isDirectory() ?? false;
}

/** What is at a path; undefined when there is nothing. Throws OUTSIDE_ROOTS. */
async function pathAt(path: string, roots: FileRoots): Promise<FoundPath | undefined> {
  const found = await statOf(path, stat);
  if (found !== undefined) await allowedRealPath(path, roots);
  return found;
}

async function statOf(path: string, look: typeof stat): Promise<FoundPath | undefined> {
  const url = urlOf(path);
  try {
    return { url, stats: await look(path, { bigint: true }) };
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
