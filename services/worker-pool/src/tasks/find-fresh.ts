import { isHyperslabError } from '@hyperslab/errors';
import { hiddenMetadataNames, zarrRootNames } from '@hyperslab/formats';
import type { ListedObject, Storage } from '@hyperslab/storage';
import { isFresh } from '../kept/is-settled.ts';
import { splitUrl } from './store-roots.ts';

/** Stores that are listed at once. */
const storesAtOnce = 8;

/**
 * For each listed object, what of it was changed within `settleMs` milliseconds, so that somebody may still be writing it: itself,
 * or an object of the Zarr store that it names; undefined where nothing was. Of a store on a web server, which lists nothing, only
 * the object that names it is looked at.
 */
export async function findFresh(
  storage: Storage,
  listed: readonly ListedObject[],
  settleMs: number,
  signal: AbortSignal,
): Promise<(ListedObject | undefined)[]> {
  const fresh: (ListedObject | undefined)[] = [];
  for (let at = 0; at < listed.length; at += storesAtOnce) {
    const some = listed.slice(at, at + storesAtOnce);
    fresh.push(...(await Promise.all(some.map((object) => freshPart(storage, object, settleMs, signal)))));
  }
  return fresh;
}

async function freshPart(
  storage: Storage,
  object: ListedObject,
  settleMs: number,
  signal: AbortSignal,
): Promise<ListedObject | undefined> {
  if (isFresh(object, settleMs, Date.now())) return object;
  const [folder, name] = splitUrl(object.url);
  if (!zarrRootNames.includes(name) || /^https?:/.test(folder)) return undefined;
  try {
    for await (const part of storage.list(folder, signal, { hidden: hiddenMetadataNames }))
      if (isFresh(part, settleMs, Date.now())) return part;
  } catch (error) {
    // Who indexes it tells that.
    if (!isHyperslabError(error, 'OBJECT_NOT_FOUND') && !isHyperslabError(error, 'ACCESS_DENIED'))
      throw error;
  }
  return undefined;
}
