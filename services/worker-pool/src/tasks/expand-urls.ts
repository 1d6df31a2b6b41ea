import type { ListedObject, Storage } from '@hyperslab/storage';
import { listSources } from './list-sources.ts';
import { encodeObjectList } from './object-list.ts';
import { withoutStoreParts } from './store-roots.ts';
import type { TaskRequest } from './task-request.ts';

/**
 * Lists the objects that the URLs of a publish stand for: in the order of the caller, within a pattern in order of
 * URL, each object once. Of a store of many objects (Zarr) there is one, which names it.
 * @throws HyperslabError OBJECT_NOT_FOUND for a pattern that nothing matches, OUTSIDE_ROOTS, …
 */
export async function expandUrls(
  storage: Storage,
  { plan, signal }: TaskRequest,
): Promise<{ bytes: Uint8Array; objects: number }> {
  const found = new Map<string, ListedObject>();
  for (const url of plan.publish?.urls ?? []) {
    for await (const object of listSources(storage, url, signal)) {
      if (!found.has(object.url)) found.set(object.url, object);
    }
  }
  const objects = withoutStoreParts([...found.values()]);
  return { bytes: encodeObjectList(objects), objects: objects.length };
}
