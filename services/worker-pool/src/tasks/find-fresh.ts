import { isHyperslabError } from '@hyperslab/errors';
import { hiddenMetadataNames, zarrRootNames } from '@hyperslab/formats';
import type { ListedObject } from '@hyperslab/storage';
import { isFresh, isOfOtherClock } from '../kept/is-settled.ts';
import { splitUrl } from './store-roots.ts';
import type { TaskEnvironment } from './task-environment.ts';

type SeenStorage = Pick<TaskEnvironment, 'storage' | 'sightings'>;

/** Stores that are listed at once. */
const storesAtOnce = 8;

/**
 * For each listed object, what of it was changed within `settleMs` milliseconds, so that somebody may still be writing it: itself,
 * or an object of the Zarr store that it names; undefined where nothing was. Of a store on a web server, which lists nothing, only
 * the object that names it is looked at. What has a time that has not come yet was changed when it was first seen in that state.
 */
export async function findFresh(
  environment: SeenStorage,
  listed: readonly ListedObject[],
  settleMs: number,
  signal: AbortSignal,
): Promise<(ListedObject | undefined)[]> {
  const fresh: (ListedObject | undefined)[] = [];
  for (let at = 0; at < listed.length; at += storesAtOnce) {
    const some = listed.slice(at, at + storesAtOnce);
    fresh.push(
      ...(await Promise.all(some.map((object) => freshPart(environment, object, settleMs, signal)))),
    );
  }
  return fresh;
}

async function freshPart(
  environment: SeenStorage,
  object: ListedObject,
  settleMs: number,
  signal: AbortSignal,
): Promise<ListedObject | undefined> {
  if (mayBeWritten(environment, object, settleMs)) return object;
  const [folder, name] = splitUrl(object.url);
  if (!zarrRootNames.includes(name) || /^https?:/.test(folder)) return undefined;
  let fresh: ListedObject | undefined;
  // What is wrong with a store is told by who indexes it.
  const options = { hidden: hiddenMetadataNames, onUnlisted: () => {} };
  try {
    // All of them, also after the first: each is to be seen.
    for await (const part of environment.storage.list(folder, signal, options))
      if (mayBeWritten(environment, part, settleMs)) fresh ??= part;
  } catch (error) {
    if (!isHyperslabError(error, 'OBJECT_NOT_FOUND') && !isHyperslabError(error, 'ACCESS_DENIED'))
      throw error;
  }
  return fresh;
}

function mayBeWritten({ sightings }: SeenStorage, object: ListedObject, settleMs: number): boolean {
  const nowMs = Date.now();
  if (isFresh(object, settleMs, nowMs)) return true;
  return isOfOtherClock(object, nowMs) && sightings.restedMs(object, nowMs) < settleMs;
}
