import { HyperslabError, isHyperslabError, type Reason } from '@hyperslab/errors';
import { icechunkReference } from '@hyperslab/formats';
import type { LeftOut } from '@hyperslab/proto/merge';
import type { ListedObject, Storage } from '@hyperslab/storage';
import { findPacks } from '../kept/find-packs.ts';
import { indexName } from '../kept/index-name.ts';
import { isOfOtherClock } from '../kept/is-settled.ts';
import { keepUnder } from '../kept/keep-under.ts';
import { planKept } from '../kept/plan-kept.ts';
import { findFresh } from './find-fresh.ts';
import { findLarge } from './large-files.ts';
import { listSources } from './list-sources.ts';
import { ListedObjects } from './listed-objects.ts';
import { encodeObjectList } from './object-list.ts';
import { shortenLeftOut } from './shorten-left-out.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

type ListingEnvironment = Pick<TaskEnvironment, 'storage' | 'objects' | 'maker' | 'sightings'>;

/**
 * Lists the objects that the URLs of a publish stand for: in the order of the caller, within a pattern in order of
 * URL, each object once. Of a store of many objects (Zarr, Icechunk) there is one, which names it, and each snapshot
 * that was asked for. Tells where their indexes are kept; none are when all are to be made anew.
 * Of a run that still grows, what is not there yet or may still be being written is left out and told.
 * @throws HyperslabError OBJECT_NOT_FOUND for a pattern that nothing matches, OUTSIDE_ROOTS, TOO_LARGE past a million objects, …
 */
export async function expandUrls(
  { storage, objects: store, maker, sightings }: ListingEnvironment,
  { plan, signal }: TaskRequest,
): Promise<{ bytes: Uint8Array; objects: number }> {
  const { urls = [], following, fresh } = plan.publish ?? {};
  const under = keepUnder(maker, urls);
  // While the objects are listed.
  const finding = under === '' || fresh ? Promise.resolve([]) : findPacks(store, under, signal);
  finding.catch(() => undefined);
  const leftOut: LeftOut[] = [];
  const found = await listAll(storage, urls, signal, following === undefined ? undefined : leftOut);
  const unsettled =
    following === undefined ? [] : await findFresh({ storage, sightings }, found, following.settleMs, signal);
  const listed = found.filter((object, at) => {
    const part = unsettled[at];
    if (part !== undefined) leftOut.push(stillWritten(object, part, following?.settleMs ?? 0));
    return part === undefined;
  });
  if (listed.length === 0 && leftOut.length > 0) throw nothingYet(leftOut);
  const named = listed.map(({ url, ...version }) => ({
    url,
    size: version.size,
    indexName: indexName(url, version),
  }));
  const { packs, places, replaced } = planKept(
    named.map((object) => object.indexName),
    await finding,
  );
  const objects = named.map((object, at) => ({ ...object, kept: places[at] }));
  const { objectsPerTask = 1, partBytes = 0 } = plan.publish ?? {};
  const large = await findLarge(storage, objects, { objectsPerTask, partBytes }, signal);
  const remarks = { leftOut: shortenLeftOut(leftOut), keepUnder: under, packs, replaced, large };
  const last = large.at(-1);
  // As many as make the tasks that there are to be.
  const count = last === undefined ? objects.length : objectsPerTask * (last.firstTask + last.parts);
  return { bytes: encodeObjectList(objects, remarks), objects: count };
}

/**
 * All objects, each once, without the parts of stores but for snapshots that were asked for. Patterns that nothing matches, and
 * what can't be listed, are told to `missing` instead of refused, where it is given.
 */
async function listAll(
  storage: Storage,
  urls: readonly string[],
  signal: AbortSignal,
  missing?: LeftOut[],
): Promise<ListedObject[]> {
  const found = new ListedObjects();
  const tell = (url: string, { reason, message }: HyperslabError) => missing?.push({ url, reason, message });
  const onUnlisted =
    missing === undefined ? undefined : (error: HyperslabError) => void tell(error.details.url, error);
  for (const url of urls) {
    try {
      const isSnapshot = icechunkReference(url) !== undefined;
      for await (const object of listSources(storage, url, signal, onUnlisted)) found.add(object, isSnapshot);
    } catch (error) {
      if (missing === undefined || !isHyperslabError(error, 'OBJECT_NOT_FOUND')) throw error;
      tell(url, error);
    }
  }
  return found.all();
}

function stillWritten({ url }: ListedObject, part: ListedObject, settleMs: number): LeftOut {
  const time = new Date(part.modifiedUs / 1000).toISOString();
  const reason: Reason = 'UNAVAILABLE';
  const what = part.url === url ? 'it' : part.url;
  const isAhead = isOfOtherClock(part, Date.now());
  const when = isAhead ? 'by another clock than ours' : `less than ${settleMs / 1000} s ago`;
  const message = `${url}: ${what} was last changed at ${time}, ${when}, and may still be being written`;
  return { url, reason, message };
}

function nothingYet([first, ...others]: LeftOut[]): HyperslabError {
  const more = others.length === 0 ? '' : ` (and ${others.length} more that can't be taken yet)`;
  return new HyperslabError('OBJECT_NOT_FOUND', `${first.message}${more}`, { url: first.url });
}
