import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { zarrRootNames } from '@hyperslab/formats';
import type { ListedObject, Storage } from '@hyperslab/storage';

const options = { hidden: zarrRootNames, inFolders: zarrRootNames };

/**
 * Objects that a URL of a publish stands for, in order of URL. A folder, prefix or web address that is a Zarr store stands for
 * its root metadata object; so do folders that a glob matches. Throws what `Storage.list` throws.
 */
export async function* listSources(
  storage: Storage,
  url: string,
  signal?: AbortSignal,
): AsyncIterable<ListedObject> {
  const isGlob = /[*?{]/.test(url);
  // A server may answer the address of a store with a page about it.
  const isStore = url.endsWith('/') || /^https?:.*\.(zarr\d?|parq(uet)?)$/i.test(url);
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
  for (const name of zarrRootNames) {
    const source = storage.open(`${folder.replace(/\/$/, '')}/${name}`);
    try {
      return { url: source.url, ...(await source.stat(signal)) };
    } catch (error) {
      if (isHyperslabError(error, 'ACCESS_DENIED')) denied = error;
      else if (!isHyperslabError(error, 'OBJECT_NOT_FOUND')) throw error;
    }
  }
  if (denied !== undefined) throw denied;
  return undefined;
}

/** Nothing is at the URL, or a folder. */
function isNoObject(error: unknown): boolean {
  if (!(error instanceof HyperslabError)) return false;
  return error.reason === 'OBJECT_NOT_FOUND' || error.reason === 'URL_INVALID';
}
