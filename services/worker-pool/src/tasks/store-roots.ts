import { icechunkRootNames, zarrRootNames } from '@hyperslab/formats';
import type { ListedObject } from '@hyperslab/storage';

/** Objects by which a store is named, the most telling first. */
const rootNames = [...zarrRootNames, ...icechunkRootNames];

/**
 * The same objects, in their order, without those that are parts of a store: of all that lie in or below a folder with the
 * metadata of a Zarr or Icechunk store, only the most telling metadata object of the topmost such folder stays, and those of
 * `wanted`.
 */
export function withoutStoreParts(
  objects: readonly ListedObject[],
  wanted: ReadonlySet<string> = new Set(),
): ListedObject[] {
  const withSnapshots = new Set(
    objects.flatMap(({ url }) => /^(.*\/)snapshots\/[0-9A-Z]{20}$/.exec(url)?.[1] ?? []),
  );
  const chosen = new Map<string, { url: string; rank: number }>();
  for (const { url } of objects) {
    const rank = rootNames.findIndex((name) => url.endsWith(`/${name}`));
    if (rank < 0) continue;
    const folder = url.slice(0, -rootNames[rank].length);
    // Other things than stores are called "repo".
    if (rank >= zarrRootNames.length && !withSnapshots.has(folder)) continue;
    if (rank < (chosen.get(folder)?.rank ?? Infinity)) chosen.set(folder, { url, rank });
  }
  if (chosen.size === 0) return [...objects];
  return objects.filter(({ url }) => {
    let root: string | undefined;
    for (let [folder] = splitUrl(url); folder !== ''; [folder] = splitUrl(folder.slice(0, -1))) {
      root = chosen.get(folder)?.url ?? root;
    }
    return root === undefined || root === url || wanted.has(url);
  });
}

/** A URL cut behind its last slash; no folder when there is none. */
export function splitUrl(url: string): [folder: string, name: string] {
  const end = url.lastIndexOf('/') + 1;
  return [url.slice(0, end), url.slice(end)];
}
