import { zarrRootNames } from '@hyperslab/formats';
import type { ListedObject } from '@hyperslab/storage';

/**
 * The same objects, in their order, without those that are parts of a store: of all that lie in or below a folder with the
 * metadata of a Zarr store, only the most telling metadata object of the topmost such folder stays.
 */
export function withoutStoreParts(objects: readonly ListedObject[]): ListedObject[] {
  const chosen = new Map<string, { url: string; rank: number }>();
  for (const { url } of objects) {
    const [folder, name] = splitUrl(url);
    const rank = zarrRootNames.indexOf(name);
    if (rank >= 0 && rank < (chosen.get(folder)?.rank ?? Infinity)) chosen.set(folder, { url, rank });
  }
  if (chosen.size === 0) return [...objects];
  return objects.filter(({ url }) => {
    let root: string | undefined;
    for (let [folder] = splitUrl(url); folder !== ''; [folder] = splitUrl(folder.slice(0, -1))) {
      root = chosen.get(folder)?.url ?? root;
    }
    return root === undefined || root === url;
  });
}

/** A URL cut behind its last slash; no folder when there is none. */
function splitUrl(url: string): [folder: string, name: string] {
  const end = url.lastIndexOf('/') + 1;
  return [url.slice(0, end), url.slice(end)];
}
