import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import {
  icechunkReference,
  icechunkRootNames,
  isIcechunkFile,
  snapshotUrl,
  zarrRootNames,
} from '@hyperslab/formats';
import type { ByteSource, ListedObject, ObjectVersion, Storage } from '@hyperslab/storage';

const options = { hidden: zarrRootNames, inFolders: zarrRootNames };

/**
 * Objects that a URL of a publish stands for, in order of URL. A folder, prefix or web address that is a store of many objects
 * stands for its root metadata object; so do folders with a Zarr store that a glob matches. `URL#branch=NAME`, `#tag=NAME` and
 * `#snapshot=ID` stand for a snapshot of an Icechunk store. Throws what `Storage.list` and `snapshotUrl` throw.
 */
export async function* listSources(
  storage: Storage,
  url: string,
  signal?: AbortSignal,
): AsyncIterable<ListedObject> {
  const reference = icechunkReference(url);
  if (reference !== undefined) {
    const source = storage.open(await snapshotUrl(reference, storage, signal));
    yield { url: source.url, ...(await source.stat(signal)) };
    return;
  }
  const isGlob = /[*?{]/.test(url);
  // A server may answer the address of a store with a page about it.
  const isStore = url.endsWith('/') || /^https?:.*\.(zarr\d?|parq(uet)?|icechunk)$/i.test(url);
  if (!isGlob && isStore) {
    const root = await storeRoot(storage, url, signal);
    if (root !== undefined) {
      yield root;
      return;
    }
  }
  try {
    yield* storage.list(url, signal, options);
  } catch (error) {
    if (isGlob || isStore || !isNoObject(error)) throw error;
    const root = await storeRoot(storage, url, signal);
    if (root === undefined) throw error;
    yield root;
  }
}

/**
 * The root metadata object of the store that a folder is; undefined when it is none. Servers that list nothing may deny what is
 * not there: only when nothing is found is that an error.
 */
async function storeRoot(
  storage: Storage,
  folder: string,
  signal?: AbortSignal,
): Promise<ListedObject | undefined> {
  let denied: unknown;
  for (const name of [...zarrRootNames, ...icechunkRootNames]) {
    const source = storage.open(`${folder.replace(/\/$/, '')}/${name}`);
    try {
      const version = await source.stat(signal);
      // Other things than stores are called "repo".
      if (name !== 'repo' || (await isIcechunk(source, version, signal)))
        return { url: source.url, ...version };
    } catch (error) {
      if (isHyperslabError(error, 'ACCESS_DENIED')) denied = error;
      else if (!isHyperslabError(error, 'OBJECT_NOT_FOUND')) throw error;
    }
  }
  if (denied !== undefined) throw denied;
  return undefined;
}

async function isIcechunk(
  source: ByteSource,
  version: ObjectVersion,
  signal?: AbortSignal,
): Promise<boolean> {
  const range = { offset: 0, length: Math.min(version.size, 64) };
  const [head] = await source.read([range], { signal, expect: version });
  return isIcechunkFile(head);
}

/** Nothing is at the URL, or a folder. */
function isNoObject(error: unknown): boolean {
  if (!(error instanceof HyperslabError)) return false;
  return error.reason === 'OBJECT_NOT_FOUND' || error.reason === 'URL_INVALID';
}
