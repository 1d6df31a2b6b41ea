import type { OtherObjects } from '@hyperslab/proto/index';
import type { ObjectVersion, Storage } from '@hyperslab/storage';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { heldUrl, NumberedObjects, unknownVersion } from '../references/numbered-objects.ts';
import type { PlacedChunk, PlaceStore, StoredKey } from '../zarr/key-store.ts';
import type { ChunkPayload } from './manifest.ts';
import type { ManifestReader } from './manifest-reader.ts';
import type { Extents, SnapshotNode } from './snapshot.ts';
import { objectVersionOf, type VirtualLocations } from './virtual-locations.ts';

/** References that are looked at, each as often as regions are: four times as many as an index may hold chunks. */
const mostLooks = 16 * 1024 * 1024;

/** What a store's chunks are found by. */
export interface IcechunkParts {
  /** URL of the root, ending in a slash. */
  root: string;
  /** Nodes of the snapshot by folder: "" or "a/b/". */
  nodes: ReadonlyMap<string, SnapshotNode>;
  manifests: ManifestReader;
  locations: VirtualLocations;
  storage: Storage;
  signal?: AbortSignal;
}

/**
 * The chunks of a snapshot. Objects that they lie in are not looked at: a store's own are never written again under the same
 * name, and of others the manifest may tell their state.
 */
export function icechunkStore({
  root,
  nodes,
  manifests,
  locations,
  storage,
  signal,
}: IcechunkParts): PlaceStore {
  const objects = new NumberedObjects(root);
  // Arrays of a damaged manifest may all have the same chunks.
  let looksLeft = mostLooks;

  async function* chunksIn(folder: string, rank: number): AsyncGenerator<PlacedChunk> {
    const node = nodes.get(folder);
    for await (const { manifest, regions } of manifests.read(node?.manifests ?? new Map())) {
      const astray = regions.find((extents) => extents.length !== rank);
      if (astray !== undefined) throw otherRank(root, folder, rank, astray.length);
      for (const { place, payload } of manifest.chunksOf(node!.id, rank)) {
        looksLeft -= regions.length;
        if (looksLeft < 0) throw tooManyReferences(root);
        // A manifest may hold chunks that are no longer of the array.
        if (!regions.some((extents) => contains(extents, place))) continue;
        yield { place, stored: await stored(payload) };
      }
    }
  }

  async function stored(payload: ChunkPayload): Promise<StoredKey> {
    // A copy: a view would keep all of its manifest.
    if (payload.kind === 'inline') return objects.hold(payload.bytes.slice());
    const { offset, length } = payload;
    if (payload.kind === 'native') {
      const url = `${root}chunks/${payload.name}`;
      return { object: objects.number(url, unknownVersion), offset, length };
    }
    const url = await locations.resolve(payload.location);
    return { object: objects.number(url, objectVersionOf(url, payload.checksum)), offset, length };
  }

  return {
    url: root,
    lists: true,
    chunksIn,
    async readPart({ object, offset: start }, offset, length) {
      const range = { offset: start + offset, length };
      const { url, version } = objects.at(object);
      if (url === heldUrl) return objects.heldPart(range.offset, length);
      const expect: ObjectVersion | undefined = version === unknownVersion ? undefined : version;
      return (await storage.open(url).read([range], { signal, expect }))[0];
    },
    others: (): OtherObjects | undefined => objects.others(),
  };
}

function tooManyReferences(root: string): Error {
  const advice = 'rewrite its manifests, so that they hold only chunks of its arrays';
  return formatUnsupported(root, 0, 'a store of so many references to chunks', advice);
}

function otherRank(root: string, folder: string, rank: number, found: number): Error {
  return formatCorrupt(
    root,
    0,
    `extents of ${rank} dimensions in a manifest of /${folder.slice(0, -1)}`,
    `${found}`,
  );
}

function contains(extents: Extents, place: readonly number[]): boolean {
  return extents.every(({ from, to }, axis) => from <= place[axis] && place[axis] < to);
}
