import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import {
  findDataSet,
  icechunkReference,
  icechunkRootNames,
  isIcechunkFile,
  snapshotUrl,
  withFailures,
  zarrRootNames,
} from '@hyperslab/formats';
import type { ByteSource, ListedObject, ListOptions, ObjectVersion, Storage } from '@hyperslab/storage';

const named = { hidden: zarrRootNames, inFolders: zarrRootNames };

/**
 * Objects that a URL of a publish stands for, in order of URL. A folder, prefix or web address that is a store of many objects
 * stands for its root metadata object; so do folders with a Zarr store that a glob matches. `URL#branch=NAME`, `#tag=NAME` and
 * `#snapshot=ID` stand for a snapshot of an Icechunk store. A web address that is no file may be a data set of an OPeNDAP server. Throws what
 * `Storage.list` and `snapshotUrl` throw.
 */
export async function* listSources(
  storage: Storage,
  url: string,
  signal?: AbortSignal,
  onUnlisted?: ListOptions['onUnlisted'],
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
    yield* storage.list(url, signal, { ...named, onUnlisted });
  } catch (error) {
    if (isGlob || !(error instanceof HyperslabError)) throw error;
    const root = isStore || !isNoObject(error) ? undefined : await storeRoot(storage, url, signal);
    if (root !== undefined) yield root;
    else yield* listDataSet(storage, url, error, signal);
  }
}

/** The data set of an OPeNDAP server at an address where no file can be read; throws `noFile` when there is none. */
async function* listDataSet(
  storage: Storage,
  url: string,
  noFile: HyperslabError,
  signal?: AbortSignal,
): AsyncIterable<ListedObject> {
  const answered = noFile.details.status !== undefined || noFile.reason !== 'STORAGE_UNAVAILABLE';
  const mayBeDataSet = answered && !url.endsWith('/') && noFile.reason !== 'OUTSIDE_ROOTS';
  const failures: HyperslabError[] = [];
  const dataSet = mayBeDataSet ? await findDataSet(url, storage, signal, failures) : undefined;
  if (dataSet === undefined) throw withFailures(noFile, failures);
  yield* storage.list(dataSet, signal);
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
function isNoObject({ reason }: HyperslabError): boolean {
  return reason === 'OBJECT_NOT_FOUND' || reason === 'URL_INVALID';
}
